// A mail as it goes over the wire (RFC 5322, RFC 2046).
#ifndef RESCIND_MAIL_MESSAGE_H_
#define RESCIND_MAIL_MESSAGE_H_

#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "mail/mailer.h"

namespace rescind {

// Text and HTML as two forms of one message. 7-bit, but for an address that is not (RFC 6532).
std::string format_message(const Mail& mail, const Mailbox& from, WallTime date, Random& random);

}  // namespace rescind

#endif  // RESCIND_MAIL_MESSAGE_H_
