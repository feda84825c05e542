// E-mail addresses as names of accounts.
#ifndef RESCIND_DOMAIN_EMAIL_H_
#define RESCIND_DOMAIN_EMAIL_H_

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace rescind {

// The one spelling under which an account is stored and found.
struct EmailKey {
  std::string text;
  auto operator<=>(const EmailKey&) const = default;
};

// Lower-cases ASCII. Absent where `email` is not one address of at most 254 bytes (RFC 5321 section 4.5.3.1) with one "@",
// something on both sides and a dot-free or dotted domain without empty labels; where it holds white space or an
// invisible character of any kind, a control character, one of `<>()[],;:\"`, or bytes that are not UTF-8.
std::optional<EmailKey> parse_email(std::string_view email);

}  // namespace rescind

#endif  // RESCIND_DOMAIN_EMAIL_H_
