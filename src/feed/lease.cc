#include "feed/lease.h"

namespace rescind {

void Lease::renew(SteadyTime sent_at) {
  const SteadyTime::rep candidate = (sent_at + length_).time_since_epoch().count();
  SteadyTime::rep end = ends_at_.load(std::memory_order_relaxed);
  while (end < candidate && !ends_at_.compare_exchange_weak(end, candidate, std::memory_order_relaxed)) {
  }
}

bool Lease::is_live(SteadyTime now) const { return now.time_since_epoch().count() < ends_at_.load(std::memory_order_relaxed); }

}  // namespace rescind
