// What the mails say: built in, or the operator's own files.
#ifndef RESCIND_MAIL_TEMPLATES_H_
#define RESCIND_MAIL_TEMPLATES_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mail/mailer.h"
#include "rescind/result.h"

namespace rescind {

enum class MailKind : std::uint8_t {
  kResetPassword,
  kVerifyEmail,
  kChangeEmail,       // to the address that is to be the new one
  kEmailChangeNotice  // to the old one; it has no link
};
inline constexpr std::size_t kMailKinds = 4;

// The base name of its files: "reset", "verify", "change", "change-notice".
std::string_view to_string(MailKind kind);

// What a template may say as {{link}}, {{name}}, {{email}} and {{minutes}}.
struct MailValues {
  std::string link;
  std::string name;  // as the user wrote it, who may be anybody: the templates that are built in do not say it
  std::string email;
  std::chrono::minutes minutes{0};  // for how long the link is good
};

struct MailTemplate {
  std::string subject;
  std::string text;
  std::string html;
};

// The text's first line is "Subject: …", the second empty. A placeholder that is not known is refused, one in the subject too.
Result<MailTemplate, std::string> parse_mail_template(std::string_view text, std::string_view html);

// Values are escaped in HTML and stand on one line in text; what a value holds is no placeholder.
Mail render_mail(const MailTemplate& form, MailAddress to, const MailValues& values);

inline constexpr std::size_t kMaxTemplateBytes = 256 * 1024;

// Immutable.
class MailTemplates {
 public:
  // The built-in ones.
  MailTemplates();

  // KIND.txt and KIND.html of `directory` replace a built-in pair; both or neither of a pair. Else what is wrong.
  static Result<MailTemplates, std::string> load(const std::string& directory);

  const MailTemplate& of(MailKind kind) const { return templates_[static_cast<std::size_t>(kind)]; }

 private:
  std::array<MailTemplate, kMailKinds> templates_;
};

}  // namespace rescind

#endif  // RESCIND_MAIL_TEMPLATES_H_
