#include "mail/address.h"

#include <algorithm>

#include "domain/email.h"

namespace rescind {

std::optional<MailAddress> MailAddress::parse(std::string_view text) {
  if (!parse_email(text)) return std::nullopt;
  return MailAddress(std::string(text));
}

std::string_view MailAddress::domain() const { return std::string_view(text_).substr(text_.rfind('@') + 1); }

std::optional<Mailbox> parse_mailbox(std::string_view text) {
  std::string_view name;
  if (text.ends_with('>')) {
    const std::size_t open = text.find('<');
    if (open == std::string_view::npos) return std::nullopt;
    name = text.substr(0, open);
    text = text.substr(open + 1, text.size() - open - 2);
    while (name.ends_with(' ')) name.remove_suffix(1);
  }
  const bool is_plain = std::ranges::none_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  std::optional<MailAddress> address = MailAddress::parse(text);
  if (!address || !is_plain) return std::nullopt;
  return Mailbox{std::string(name), std::move(*address)};
}

}  // namespace rescind
