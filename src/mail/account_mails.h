// The mails that accounts get, each with a link of this server's configuration and never of a request.
#ifndef RESCIND_MAIL_ACCOUNT_MAILS_H_
#define RESCIND_MAIL_ACCOUNT_MAILS_H_

#include <chrono>
#include <string>

#include "base/secret.h"
#include "domain/user.h"
#include "mail/mailer.h"
#include "mail/templates.h"

namespace rescind {

// Where the links lead; the token stands behind "#token=", which browsers send to no server and in no Referer.
struct MailLinks {
  std::string reset_url;
  std::string verify_url;
  std::string change_email_url;
};

// Thread-safety: any thread may call any member.
class AccountMails {
 public:
  AccountMails(MailLinks links, MailTemplates templates, Mailer& mailer)
      : links_(std::move(links)), templates_(std::move(templates)), mailer_(mailer) {}

  // `good_for` is what the mail says of the link. Nothing is sent to a user without an address, which counts as queued.
  Queued send_reset(const User& user, const Secret& token, std::chrono::minutes good_for);
  Queued send_verification(const User& user, const Secret& token, std::chrono::minutes good_for);
  // To `address`, which is to be the user's new one; says nothing of the old one, for it may be a stranger's.
  Queued send_change(const User& user, const std::string& address, const Secret& token, std::chrono::minutes good_for);
  // To the address that the user has; says nothing of the new one, for the old one may be a stranger's.
  Queued send_change_notice(const User& user);

 private:
  Queued send(MailKind kind, const std::string& address, MailValues values);

  const MailLinks links_;
  const MailTemplates templates_;
  Mailer& mailer_;
};

}  // namespace rescind

#endif  // RESCIND_MAIL_ACCOUNT_MAILS_H_
