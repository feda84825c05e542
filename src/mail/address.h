// Addresses that may stand in a mail's head and on an SMTP line: no character in them ends a line or a field.
#ifndef RESCIND_MAIL_ADDRESS_H_
#define RESCIND_MAIL_ADDRESS_H_

#include <optional>
#include <string>
#include <string_view>

namespace rescind {

// Immutable. Only parse() makes one.
class MailAddress {
 public:
  // By the rules of accounts (domain/email.h); spelt as given.
  static std::optional<MailAddress> parse(std::string_view text);
  const std::string& text() const { return text_; }
  std::string_view domain() const;

 private:
  explicit MailAddress(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

struct Mailbox {
  std::string name;  // may be empty; no control characters
  MailAddress address;
};

// "ada@example.com" or "Ada Lovelace <ada@example.com>".
std::optional<Mailbox> parse_mailbox(std::string_view text);

}  // namespace rescind

#endif  // RESCIND_MAIL_ADDRESS_H_
