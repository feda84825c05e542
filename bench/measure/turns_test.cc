#include "bench/measure/turns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <string>

namespace rescind::bench {
namespace {

using ::testing::ElementsAre;

TEST(Turns, EveryContenderRunsOnceARoundAndEveryOtherRoundIsReversed) {
  std::string order;
  const Contender contenders[] = {[&] { return order += 'a', 1.0; }, [&] { return order += 'b', 2.0; },
                                  [&] { return order += 'c', 3.0; }};
  const auto samples = take_turns(contenders, 3);
  EXPECT_EQ(order, "abccbaabc");
  EXPECT_THAT(samples, ElementsAre(ElementsAre(1, 1, 1), ElementsAre(2, 2, 2), ElementsAre(3, 3, 3)));
}

TEST(Turns, RatiosAreTakenRoundByRound) { EXPECT_THAT(ratios({1, 9}, {2, 3}), ElementsAre(0.5, 3)); }

TEST(Turns, SpreadIsMedianMinimumAndMaximum) {
  const Spread odd = spread_of({5, 1, 3});
  EXPECT_EQ(odd.median, 3);
  EXPECT_EQ(odd.min, 1);
  EXPECT_EQ(odd.max, 5);
  EXPECT_EQ(spread_of({4, 1, 2, 8}).median, 3);
  EXPECT_EQ(spread_of({7}).median, 7);
}

TEST(Turns, PercentileIsTheSampleAtItsRank) {
  Samples hundred(100);
  std::iota(hundred.begin(), hundred.end(), 1);
  EXPECT_EQ(percentile(hundred, 0.5), 50);
  EXPECT_EQ(percentile(hundred, 0.99), 99);
  EXPECT_EQ(percentile(hundred, 1), 100);
  EXPECT_EQ(percentile(hundred, 0), 1);
  EXPECT_EQ(percentile({3, 1, 2}, 0.99), 3);
}

}  // namespace
}  // namespace rescind::bench
