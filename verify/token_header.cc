#include "verify/token_header.h"

#include <algorithm>

#include "verify/strict_json.h"

namespace rescind {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equals_without_case(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, lower, lower);
}

std::string_view without_prefix(std::string_view type) {
  constexpr std::string_view kPrefix = "application/";
  return equals_without_case(type.substr(0, kPrefix.size()), kPrefix) ? type.substr(kPrefix.size()) : type;
}

}  // namespace

bool is_same_type(std::string_view one, std::string_view other) {
  return equals_without_case(without_prefix(one), without_prefix(other));
}

Result<TokenHeader, VerifyError> parse_token_header(std::string_view text) {
  const auto value = parse_strict_json(text, kMaxJsonDepth);
  if (!value || !value->is_object()) return Unexpected(VerifyError::kMalformed);
  TokenHeader header;
  for (const auto& member : value->get_object()) {
    const std::string_view name = member.key();
    if (name != "alg" && name != "typ" && name != "kid") return Unexpected(VerifyError::kUnsupported);
    if (!member.value().is_string()) return Unexpected(VerifyError::kMalformed);
    const std::string_view content = member.value().get_string();
    if (name == "alg") header.algorithm = content;
    if (name == "typ") header.type = content;
    if (name == "kid") header.key_id = content;
  }
  if (header.algorithm.empty() || header.key_id.empty() || header.key_id.size() > kMaxKeyIdBytes) {
    return Unexpected(VerifyError::kMalformed);
  }
  return header;
}

}  // namespace rescind
