#include "base/clock.h"

namespace rescind {

WallTime SystemClock::wall_now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady_now() const { return std::chrono::steady_clock::now(); }

WallTime ForwardClock::wall_now() const {
  advance_to(source_.wall_now());
  return WallTime(WallTime::duration(highest_.load(std::memory_order_relaxed)));
}

void ForwardClock::advance_to(WallTime time) const {
  const WallTime::rep candidate = time.time_since_epoch().count();
  WallTime::rep seen = highest_.load(std::memory_order_relaxed);
  while (seen < candidate && !highest_.compare_exchange_weak(seen, candidate, std::memory_order_relaxed)) {
  }
}

}  // namespace rescind
