#include "feed/lease.h"

namespace rescind {
namespace {

void raise(std::atomic<SteadyTime::rep>& moment, SteadyTime to) {
  const SteadyTime::rep candidate = to.time_since_epoch().count();
  SteadyTime::rep current = moment.load(std::memory_order_relaxed);
  while (current < candidate && !moment.compare_exchange_weak(current, candidate)) {
  }
}

}  // namespace

void Lease::renew(SteadyTime sent_at) { raise(renewed_at_, sent_at); }

void Lease::end(SteadyTime now) { raise(ended_at_, now); }

SteadyTime Lease::ends_at() const {
  const SteadyTime::rep renewed = renewed_at_.load();
  if (renewed <= ended_at_.load()) return SteadyTime::min();
  return SteadyTime(SteadyTime::duration(renewed)) + length_;
}

}  // namespace rescind
