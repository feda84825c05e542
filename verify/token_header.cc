#include "verify/token_header.h"

#include <algorithm>

#include "verify/json_reader.h"

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

Result<void, VerifyError> parse_token_header(std::string_view text, KeyIdRule rule, TokenHeader& to) {
  bool knows_all = true;
  bool has_key_id = false;
  JsonReader reader(text, kMaxJsonDepth);
  const auto read_member = [&](std::string_view name) {
    if (name == "alg") return reader.read_string(to.algorithm);
    if (name == "typ") return reader.read_string(to.type.emplace());
    if (name == "kid") {
      has_key_id = true;
      return reader.read_string(to.key_id);
    }
    knows_all = false;
    return reader.skip_value();
  };
  if (!reader.read_object(read_member) || !reader.is_at_end()) return Unexpected(VerifyError::kMalformed);
  if (!knows_all) return Unexpected(VerifyError::kUnsupported);
  const bool needs_key_id = has_key_id || rule == KeyIdRule::kRequired;
  if (to.algorithm.empty() || to.key_id.size() > kMaxKeyIdBytes || (needs_key_id && to.key_id.empty())) {
    return Unexpected(VerifyError::kMalformed);
  }
  to.copies = reader.take_copies();
  return {};
}

}  // namespace rescind
