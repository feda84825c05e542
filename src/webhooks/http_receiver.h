// A receiver at a URL, with libcurl.
#ifndef RESCIND_WEBHOOKS_HTTP_RECEIVER_H_
#define RESCIND_WEBHOOKS_HTTP_RECEIVER_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "webhooks/receiver.h"

namespace rescind {

inline constexpr std::size_t kMaxWebhookAnswerBytes = 64 * 1024;  // head and body together

struct HttpReceiverSettings {
  std::string url;
  std::string ca_file;
  std::chrono::milliseconds timeout{0};
};

// POSTs each message. A 2xx answer that ends within the timeout and kMaxWebhookAnswerBytes takes it; nothing else does. No
// redirect is followed: whoever may answer for the receiver's host may not send us to another. Keeps its connection for the
// next message.
//
// Thread-safety: one thread at a time; `stopping` may be set by any, and a delivery then ends soon.
class HttpReceiver final : public Receiver {
 public:
  HttpReceiver(HttpReceiverSettings settings, const std::atomic<bool>& stopping);
  ~HttpReceiver() override;

  Result<void, std::string> deliver(const SignedMessage& message) override;

 private:
  struct Connection;
  const HttpReceiverSettings settings_;
  const std::atomic<bool>& stopping_;
  std::unique_ptr<Connection> connection_;
};

// Whether the receiver can be reached: its name, a connection and, with https, its certificate. Sends no message. Fails with
// the reason.
Result<void, std::string> connect_to_receiver(const HttpReceiverSettings& settings);

}  // namespace rescind

#endif  // RESCIND_WEBHOOKS_HTTP_RECEIVER_H_
