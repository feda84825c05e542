#include "domain/email.h"

#include "base/utf8.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxEmailBytes = 254;
constexpr std::u32string_view kForbidden = U"<>()[],;:\\\"";

bool is_plain_text(std::string_view text) {
  while (!text.empty()) {
    const auto code_point = take_code_point(text);
    if (!code_point || is_control(*code_point) || is_blank(*code_point)) return false;
    if (kForbidden.find(*code_point) != std::u32string_view::npos) return false;
  }
  return true;
}

bool has_empty_label(std::string_view domain) {
  return domain.empty() || domain.front() == '.' || domain.back() == '.' || domain.find("..") != std::string_view::npos;
}

}  // namespace

std::optional<EmailKey> parse_email(std::string_view email) {
  if (email.size() > kMaxEmailBytes || !is_plain_text(email)) return std::nullopt;
  const std::size_t at = email.find('@');
  if (at == std::string_view::npos || at == 0 || email.find('@', at + 1) != std::string_view::npos) return std::nullopt;
  if (has_empty_label(email.substr(at + 1))) return std::nullopt;
  EmailKey key{std::string(email)};
  for (char& c : key.text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return key;
}

}  // namespace rescind
