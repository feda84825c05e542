// A webhook's surroundings without a network: a store that can fail, a clock that stands, a receiver that does as it is told.
#ifndef RESCIND_TESTS_TESTING_WEBHOOK_PARTS_H_
#define RESCIND_TESTS_TESTING_WEBHOOK_PARTS_H_

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "store/memory/memory_store.h"
#include "tests/testing/failing_store.h"
#include "tests/testing/store_values.h"
#include "webhooks/receiver.h"

namespace rescind {

class StandingClock final : public Clock {
 public:
  WallTime wall_now() const override { return wall(kTestNow); }
  SteadyTime steady_now() const override { return SteadyTime(now_); }
  void advance(std::chrono::milliseconds time) { now_ += time; }

 private:
  std::chrono::milliseconds now_{1'000'000};
};

// With it every wait is the shortest that it can be: a half.
class ZeroRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override { std::ranges::fill(out, 0); }
};

class ScriptedReceiver final : public Receiver {
 public:
  Result<void, std::string> deliver(const SignedMessage& message) override {
    tried.push_back(message);
    if (clock != nullptr) clock->advance(takes);
    if (is_down) return Unexpected(std::string("it is down"));
    taken.push_back(message);
    return {};
  }
  std::vector<SignedMessage> tried;
  std::vector<SignedMessage> taken;
  bool is_down = false;
  StandingClock* clock = nullptr;
  std::chrono::milliseconds takes{0};
};

}  // namespace rescind

#endif  // RESCIND_TESTS_TESTING_WEBHOOK_PARTS_H_
