#include "mail/account_mails.h"

#include <optional>
#include <utility>

namespace rescind {

Queued AccountMails::send(MailKind kind, const User& user, const Secret& token, std::chrono::minutes good_for) {
  std::optional<MailAddress> to = MailAddress::parse(user.email);
  if (!to) return Queued::kYes;
  const std::string& url = kind == MailKind::kResetPassword ? links_.reset_url : links_.verify_url;
  const MailValues values{
      .link = url + "#token=" + std::string(token.reveal()), .name = user.name, .email = user.email, .minutes = good_for};
  return mailer_.send(render_mail(templates_.of(kind), std::move(*to), values));
}

}  // namespace rescind
