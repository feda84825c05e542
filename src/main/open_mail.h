// How this server sends mail: by SMTP, to the terminal of whoever develops against it, or not at all.
#ifndef RESCIND_MAIN_OPEN_MAIL_H_
#define RESCIND_MAIN_OPEN_MAIL_H_

#include <memory>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/random.h"
#include "mail/account_mails.h"
#include "mail/mailer.h"
#include "mail/smtp_transfer.h"
#include "main/config.h"

namespace rescind {

// Both are absent where this server sends no mail: no SMTP server is configured, and this is no development server with a
// person before its standard error (the public URL is plain http on localhost, and the log is text).
struct OutgoingMail {
  std::unique_ptr<Mailer> mailer;
  std::unique_ptr<AccountMails> accounts;
};

// Fails where the password or a template cannot be read.
Result<OutgoingMail> open_mail(const Config& config, const Clock& clock, Random& random, Metrics& metrics, Log& log);

// Precondition: there is a config.smtp_url. Fails where the password's file cannot be had.
Result<SmtpServer> load_smtp_server(const MailConfig& config);

}  // namespace rescind

#endif  // RESCIND_MAIN_OPEN_MAIL_H_
