#include "base/clock.h"

#include <ctime>

namespace rescind {

WallTime SystemClock::wall_now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

// CLOCK_BOOTTIME, which also counts while the machine sleeps: a lease must not outlive that.
SteadyTime SystemClock::steady_now() const {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return SteadyTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

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
