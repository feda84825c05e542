// For development, where no SMTP server is configured: mails are shown on standard error. Not in the log, which is kept and
// shipped elsewhere: a link is a key to the account.
#ifndef RESCIND_MAIL_TERMINAL_MAILER_H_
#define RESCIND_MAIL_TERMINAL_MAILER_H_

#include "mail/mailer.h"

namespace rescind {

// Thread-safety: any thread may call any member.
class TerminalMailer final : public Mailer {
 public:
  Queued send(Mail mail) override;
};

}  // namespace rescind

#endif  // RESCIND_MAIL_TERMINAL_MAILER_H_
