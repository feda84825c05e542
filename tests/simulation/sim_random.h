// The simulation's randomness: everything that happens in a run follows from its seed.
#ifndef RESCIND_TESTS_SIMULATION_SIM_RANDOM_H_
#define RESCIND_TESTS_SIMULATION_SIM_RANDOM_H_

#include <cstdint>

#include "base/random.h"

namespace rescind::simulation {

// SplitMix64: any two seeds, neighbours too, give unrelated sequences. Thread-safety: one thread.
class SimRandom final : public Random {
 public:
  explicit SimRandom(std::uint64_t seed) : state_(seed) {}

  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(next() >> 32);
  }

  std::uint64_t next() {
    std::uint64_t value = (state_ += 0x9e3779b97f4a7c15);
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
  }

  // Precondition: end > 0.
  std::uint64_t below(std::uint64_t end) { return next() % end; }
  std::int64_t between(std::int64_t first, std::int64_t last) {
    return first + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(last - first) + 1));
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace rescind::simulation

#endif  // RESCIND_TESTS_SIMULATION_SIM_RANDOM_H_
