#include "base/clock.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace rescind {
namespace {

using std::chrono::milliseconds;

class SettableClock final : public Clock {
 public:
  WallTime wall_now() const override { return now.load(); }
  SteadyTime steady_now() const override { return SteadyTime(std::chrono::seconds(7)); }
  std::atomic<WallTime> now{WallTime(milliseconds(1'000'000))};
};

TEST(ForwardClock, ABackwardStepOfTheSourceStandsStill) {
  SettableClock source;
  const ForwardClock clock(source);
  EXPECT_EQ(clock.wall_now(), WallTime(milliseconds(1'000'000)));
  source.now = WallTime(milliseconds(1));
  EXPECT_EQ(clock.wall_now(), WallTime(milliseconds(1'000'000)));
  source.now = WallTime(milliseconds(1'000'001));
  EXPECT_EQ(clock.wall_now(), WallTime(milliseconds(1'000'001)));
}

TEST(ForwardClock, TakesUpALaterHorizonAndIgnoresAnEarlierOne) {
  SettableClock source;
  const ForwardClock clock(source);
  clock.advance_to(WallTime(milliseconds(2'000'000)));
  EXPECT_EQ(clock.wall_now(), WallTime(milliseconds(2'000'000)));
  clock.advance_to(WallTime(milliseconds(5)));
  EXPECT_EQ(clock.wall_now(), WallTime(milliseconds(2'000'000)));
}

TEST(ForwardClock, NeverRunsBackwardsForAnyThread) {
  SettableClock source;
  const ForwardClock clock(source);
  std::vector<std::thread> threads;
  std::atomic<bool> went_back{false};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      WallTime last = clock.wall_now();
      for (int i = 0; i < 20'000; ++i) {
        source.now = WallTime(milliseconds((i * 7919 + t * 104729) % 2'000'000));
        const WallTime now = clock.wall_now();
        if (now < last) went_back = true;
        last = now;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(went_back);
}

TEST(ForwardClock, SteadyTimeIsTheSource) {
  SettableClock source;
  EXPECT_EQ(ForwardClock(source).steady_now(), source.steady_now());
}

TEST(Clock, SecondsAreRoundedDown) {
  EXPECT_EQ(to_seconds(WallTime(milliseconds(1999))).time_since_epoch().count(), 1);
  EXPECT_EQ(to_seconds(WallTime(milliseconds(-1))).time_since_epoch().count(), -1);
}

}  // namespace
}  // namespace rescind
