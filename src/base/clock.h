// Time comes in through this interface; now() of the system's clocks is called in clock.cc and nowhere else.
#ifndef RESCIND_BASE_CLOCK_H_
#define RESCIND_BASE_CLOCK_H_

#include <atomic>
#include <chrono>

namespace rescind {

// Wall time, for claims and what is stored. Steady time, for leases and time-outs. They do not convert into each other.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock>;

inline std::chrono::sys_seconds to_seconds(WallTime time) { return std::chrono::floor<std::chrono::seconds>(time); }

// Thread-safety: any thread may call any member.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime wall_now() const = 0;
  virtual SteadyTime steady_now() const = 0;
};

class SystemClock final : public Clock {
 public:
  WallTime wall_now() const override;
  SteadyTime steady_now() const override;
};

// A wall clock that never runs backwards: after a backward step of its source it stands still until the source has caught
// up. The whole server issues, verifies and purges by this one, so that a step back cannot revive an expired token whose
// revocation is gone. The store remembers the purge horizon across restarts; advance_to() takes it up again.
class ForwardClock final : public Clock {
 public:
  explicit ForwardClock(const Clock& source) : source_(source) {}
  WallTime wall_now() const override;
  SteadyTime steady_now() const override { return source_.steady_now(); }
  void advance_to(WallTime time) const;

 private:
  const Clock& source_;
  mutable std::atomic<WallTime::rep> highest_{0};
};

}  // namespace rescind

#endif  // RESCIND_BASE_CLOCK_H_
