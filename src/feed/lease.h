// A lease: how long a verifier may answer without having heard from the store.
#ifndef RESCIND_FEED_LEASE_H_
#define RESCIND_FEED_LEASE_H_

#include <atomic>
#include <chrono>

#include "base/clock.h"

namespace rescind {

// Counted on the steady clock from the moment the question was sent, so that a slow answer shortens the lease and never
// lengthens it. Not live until it was first renewed.
//
// Thread-safety: any thread may call any member.
class Lease {
 public:
  explicit Lease(std::chrono::milliseconds length) : length_(length) {}

  void renew(SteadyTime sent_at);
  // What was heard could not be taken up: not live until a question that was sent after `now` renews it.
  void end(SteadyTime now);
  bool is_live(SteadyTime now) const { return now < ends_at(); }

  // The earliest moment at which it is not live; SteadyTime::min() where that has come already.
  SteadyTime ends_at() const;

 private:
  const std::chrono::milliseconds length_;
  // Both only grow, so that a renewal and an end at once leave the same behind in either order.
  std::atomic<SteadyTime::rep> renewed_at_{SteadyTime::min().time_since_epoch().count()};
  std::atomic<SteadyTime::rep> ended_at_{SteadyTime::min().time_since_epoch().count()};
};

}  // namespace rescind

#endif  // RESCIND_FEED_LEASE_H_
