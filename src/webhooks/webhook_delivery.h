// One webhook's way through the log of events: in the order of the log, each at least once, the next when the one before has
// been taken.
//
// Where it is stands in the store as the event cursor of its name, so that what waits outlives the process. A webhook that the
// store does not know begins at the log's head. An event that is not taken is delivered again, later and later, until it is
// taken or has left the log; those that have left it are counted and said in the log of the server.
#ifndef RESCIND_WEBHOOKS_WEBHOOK_DELIVERY_H_
#define RESCIND_WEBHOOKS_WEBHOOK_DELIVERY_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/random.h"
#include "store/store.h"
#include "webhooks/receiver.h"
#include "webhooks/webhook.h"

namespace rescind {

// The wait after the first failure; each further one waits twice as long, up to the longest. What is waited is between a half
// and the whole of that, so that the receivers of many servers are not called at once.
inline constexpr std::chrono::milliseconds kFirstRetryWait{1'000};
inline constexpr std::chrono::milliseconds kLongestRetryWait{300'000};
// The cursor is written behind so many events, or after so long: this is what a crash has delivered twice.
inline constexpr std::size_t kEventsPerTurn = 32;
inline constexpr std::chrono::milliseconds kTurnTime{1'000};

enum class NextTurn : std::uint8_t { kAtOnce, kLater };

// Thread-safety: one thread at a time; `stopping` may be set by any.
class WebhookDelivery {
 public:
  // The receiver gets what is for `webhook`.
  WebhookDelivery(Webhook webhook, Receiver& receiver, Store& store, const Clock& clock, Random& random, Metrics& metrics,
                  Log& log, const std::atomic<bool>& stopping);

  // Once, before the first turn. From here on no event is missed. Fails where the store does.
  Result<void> begin();

  // Delivers what is due, for about kTurnTime. kAtOnce where more is. Where the store does not answer, the next turn tries
  // again.
  NextTurn turn();

 private:
  void show_backlog();
  bool deliver_next_events();
  bool deliver(const Event& event);
  void note_failure(const std::string& reason);
  void skip_to(std::uint64_t next);  // what stood before it has left the log
  void save_cursor();

  const Webhook webhook_;
  Receiver& receiver_;
  Store& store_;
  const Clock& clock_;
  Random& random_;
  Log& log_;
  const std::atomic<bool>& stopping_;
  Counter& delivered_;
  Counter& failed_;
  Counter& skipped_;
  Gauge& backlog_;

  std::uint64_t passed_ = 0;
  std::uint64_t saved_ = 0;  // what the store knows of it
  std::uint64_t head_ = 0;
  std::uint32_t failures_ = 0;  // in a row
  SteadyTime retry_at_;
};

}  // namespace rescind

#endif  // RESCIND_WEBHOOKS_WEBHOOK_DELIVERY_H_
