#include "main/open_mail.h"

#include <utility>

#include "mail/smtp_mailer.h"
#include "mail/terminal_mailer.h"
#include "main/config_rules.h"
#include "main/secret_file.h"

namespace rescind {
Result<SmtpServer> load_smtp_server(const MailConfig& config) {
  SmtpServer server{.url = config.smtp_url,
                    .user = config.smtp_user,
                    .password = {},
                    .tls = config.tls == MailTls::kNone ? SmtpTls::kNone : SmtpTls::kRequired,
                    .ca_file = config.ca_file};
  if (!server.user.empty()) {
    auto password = read_secret_file(config.smtp_password_file, "mail.smtp_password_file", SecretRules{1});
    if (!password) return Unexpected(std::move(password).error());
    server.password = std::move(*password);
  }
  return server;
}

Result<OutgoingMail> open_mail(const Config& config, const Clock& clock, Random& random, Metrics& metrics, Log& log) {
  OutgoingMail mail;
  using Loaded = Result<MailTemplates, std::string>;
  Loaded templates = config.mail.templates.empty() ? Loaded(MailTemplates()) : MailTemplates::load(config.mail.templates);
  if (!templates) return fail(ErrorCode::kInternal, "mail.templates: " + templates.error());
  if (!can_send_mail(config)) return mail;
  if (!config.mail.smtp_url.empty()) {
    auto server = load_smtp_server(config.mail);
    if (!server) return Unexpected(std::move(server).error());
    Mailbox from = parse_mailbox(config.mail.from).value();  // apply_config_rules() has seen to it
    mail.mailer = std::make_unique<SmtpMailer>(std::move(*server), std::move(from), clock, random, metrics, log);
  } else {
    mail.mailer = std::make_unique<TerminalMailer>();
  }
  MailLinks links{config.mail.reset_url, config.mail.verify_url, config.mail.change_email_url};
  mail.accounts = std::make_unique<AccountMails>(std::move(links), std::move(*templates), *mail.mailer);
  return mail;
}

}  // namespace rescind
