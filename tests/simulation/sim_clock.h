// The simulation's time. Wall and steady time pass together; only the wall clock can be set.
#ifndef RESCIND_TESTS_SIMULATION_SIM_CLOCK_H_
#define RESCIND_TESTS_SIMULATION_SIM_CLOCK_H_

#include "base/clock.h"

namespace rescind::simulation {

// Thread-safety: one thread.
class SimClock final : public Clock {
 public:
  WallTime wall_now() const override { return wall_; }
  SteadyTime steady_now() const override { return steady_; }

  void advance(std::chrono::milliseconds time) {
    wall_ += time;
    steady_ += time;
  }
  void step_wall(std::chrono::milliseconds by) { wall_ += by; }

 private:
  WallTime wall_{std::chrono::seconds(1'700'000'000)};
  SteadyTime steady_{std::chrono::seconds(1'000)};
};

}  // namespace rescind::simulation

#endif  // RESCIND_TESTS_SIMULATION_SIM_CLOCK_H_
