// Where a webhook's messages go: the seam between what is delivered and how.
#ifndef RESCIND_WEBHOOKS_RECEIVER_H_
#define RESCIND_WEBHOOKS_RECEIVER_H_

#include <chrono>
#include <string>

#include "rescind/result.h"

namespace rescind {

struct SignedMessage {
  std::string id;                      // the same whenever the same event is delivered again
  std::chrono::sys_seconds timestamp;  // of this delivery
  std::string signature;
  std::string body;  // JSON
};

class Receiver {
 public:
  virtual ~Receiver() = default;
  // One delivery, to its end; blocks. Fails where the receiver has not said that it has the message, with the reason for the
  // log: nothing of the answer but its status stands in it.
  virtual Result<void, std::string> deliver(const SignedMessage& message) = 0;
};

}  // namespace rescind

#endif  // RESCIND_WEBHOOKS_RECEIVER_H_
