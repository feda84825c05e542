// One mail to one SMTP server, with libcurl. Blocks; for a thread of its own.
#ifndef RESCIND_MAIL_SMTP_TRANSFER_H_
#define RESCIND_MAIL_SMTP_TRANSFER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "base/secret.h"
#include "mail/address.h"

namespace rescind {

enum class SmtpTls : std::uint8_t {
  kRequired,  // STARTTLS (RFC 3207) before anything of the mail is said, with a certificate that is good; smtps:// begins with
              // it
  kNone,
};

struct SmtpServer {
  std::string url;   // smtp://host[:port] or smtps://host[:port]
  std::string user;  // empty: no authentication
  Secret password;
  SmtpTls tls = SmtpTls::kRequired;
  std::string ca_file;  // empty: the system's certificate authorities
};

struct Envelope {
  MailAddress from;
  MailAddress to;
  std::string message;
};

enum class SmtpOutcome : std::uint8_t {
  kSent,
  kTryLater,
  kRefused,  // the server says that trying again is of no use (RFC 5321 section 4.2.1, 5yz)
};

struct SmtpReport {
  SmtpOutcome outcome = SmtpOutcome::kTryLater;
  std::string reason;  // for the log: no address, no text of the mail
};

// Returns soon after `cancelled` is set.
SmtpReport send_by_smtp(const SmtpServer& server, const Envelope& envelope, std::chrono::milliseconds timeout,
                        const std::atomic<bool>& cancelled);

// Connects, takes up TLS and authenticates as for a mail, and sends none. kSent where all of that went well.
SmtpReport greet_by_smtp(const SmtpServer& server, std::chrono::milliseconds timeout);

}  // namespace rescind

#endif  // RESCIND_MAIL_SMTP_TRANSFER_H_
