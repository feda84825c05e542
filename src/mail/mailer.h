// Mail on its way out: a port, so that tests see what would be sent.
#ifndef RESCIND_MAIL_MAILER_H_
#define RESCIND_MAIL_MAILER_H_

#include <cstdint>
#include <string>

#include "mail/address.h"

namespace rescind {

struct Mail {
  MailAddress to;
  std::string subject;
  std::string text;
  std::string html;
};

enum class Queued : std::uint8_t { kYes, kQueueIsFull };

// Thread-safety: any thread may call any member.
class Mailer {
 public:
  virtual ~Mailer() = default;

  // Returns at once, whatever the network does: it goes out later, or after some tries not at all.
  virtual Queued send(Mail mail) = 0;
};

}  // namespace rescind

#endif  // RESCIND_MAIL_MAILER_H_
