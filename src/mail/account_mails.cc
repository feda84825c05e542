#include "mail/account_mails.h"

#include <optional>
#include <utility>

namespace rescind {

namespace {

std::string make_link(const std::string& page, const Secret& token) { return page + "#token=" + std::string(token.reveal()); }

}  // namespace

Queued AccountMails::send_reset(const User& user, const Secret& token, std::chrono::minutes good_for) {
  return send(MailKind::kResetPassword, user.email, {make_link(links_.reset_url, token), user.name, user.email, good_for});
}

Queued AccountMails::send_verification(const User& user, const Secret& token, std::chrono::minutes good_for) {
  return send(MailKind::kVerifyEmail, user.email, {make_link(links_.verify_url, token), user.name, user.email, good_for});
}

Queued AccountMails::send_change(const User& user, const std::string& address, const Secret& token,
                                 std::chrono::minutes good_for) {
  return send(MailKind::kChangeEmail, address, {make_link(links_.change_email_url, token), user.name, address, good_for});
}

Queued AccountMails::send_change_notice(const User& user) {
  return send(MailKind::kEmailChangeNotice, user.email, {{}, user.name, user.email, {}});
}

Queued AccountMails::send(MailKind kind, const std::string& address, MailValues values) {
  std::optional<MailAddress> to = MailAddress::parse(address);
  if (!to) return Queued::kYes;
  return mailer_.send(render_mail(templates_.of(kind), std::move(*to), values));
}

}  // namespace rescind
