// Every webhook of a server, each on a thread of its own: a slow receiver delays no other, and no request.
#ifndef RESCIND_WEBHOOKS_WEBHOOKS_H_
#define RESCIND_WEBHOOKS_WEBHOOKS_H_

#include <atomic>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/mutex.h"
#include "base/random.h"
#include "store/store.h"
#include "webhooks/webhook.h"
#include "webhooks/webhook_delivery.h"

namespace rescind {

// How often each thread looks whether there is something new.
inline constexpr std::chrono::milliseconds kWebhookLookInterval{500};

// Thread-safety: members are for one thread.
class Webhooks {
 public:
  // At most kMaxWebhooks, of different names.
  Webhooks(std::vector<Webhook> webhooks, Store& store, const Clock& clock, Random& random, Metrics& metrics, Log& log);
  ~Webhooks();
  Webhooks(const Webhooks&) = delete;
  Webhooks& operator=(const Webhooks&) = delete;

  // From here on no event is missed: before the first request is answered. Fails where the store does.
  Result<void> start();
  // Breaks off what is being delivered; the next start delivers it again. Also done by the destructor.
  void stop() EXCLUDES(mutex_);

 private:
  struct Follower;
  void run(WebhookDelivery& delivery) EXCLUDES(mutex_);

  Mutex mutex_;
  CondVar stop_asked_;
  std::atomic<bool> stopping_{false};
  std::vector<std::unique_ptr<Follower>> followers_;
};

}  // namespace rescind

#endif  // RESCIND_WEBHOOKS_WEBHOOKS_H_
