#include "domain/attempt_limit.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const WallTime kNow(seconds(1'700'000'000));
constexpr AttemptLimit kLimit{
    .free_attempts = 3, .first_wait = seconds(2), .longest_wait = seconds(10), .memory = seconds(100)};

TEST(AttemptLimit, WaitsDoubleAfterTheFreeAttemptsUpToTheLongest) {
  const std::vector<std::pair<std::uint32_t, int>> table = {
      {0, 0}, {2, 0}, {3, 2}, {4, 4}, {5, 8}, {6, 10}, {4'000'000'000, 10}};
  for (const auto& [failures, wait] : table) {
    const auto decided = decide_wait({failures, kNow, std::nullopt}, kNow, kLimit);
    EXPECT_EQ(decided.value_or(seconds(0)), seconds(wait)) << failures;
  }
}

TEST(AttemptLimit, TheWaitEndsAtItsLastMoment) {
  const Attempts attempts{3, kNow, std::nullopt};
  EXPECT_EQ(decide_wait(attempts, kNow + milliseconds(1999), kLimit), seconds(1));
  EXPECT_FALSE(decide_wait(attempts, kNow + seconds(2), kLimit));
}

TEST(AttemptLimit, IsForgottenAfterItsMemory) {
  EXPECT_EQ(count_attempt({50, kNow, std::nullopt}, kNow + seconds(99), kLimit).failures, 51u);
  EXPECT_EQ(count_attempt({50, kNow, std::nullopt}, kNow + seconds(100), kLimit).failures, 1u);
}

TEST(AttemptLimit, AClockThatStepsBackShortensNoWait) {
  EXPECT_EQ(count_attempt({3, kNow, std::nullopt}, kNow - seconds(50), kLimit).last_at, kNow);
  EXPECT_TRUE(decide_wait({3, kNow, std::nullopt}, kNow - seconds(50), kLimit));
}

// Two attempts may reach the store in another order than that in which they read the clock.
TEST(AttemptLimit, AFreeAttemptNeverWaitsWhateverTheClockSays) {
  EXPECT_FALSE(decide_wait({2, kNow, std::nullopt}, kNow - milliseconds(1), kLimit));
}

TEST(AttemptLimit, TheCountDoesNotWrap) {
  const Attempts full{std::numeric_limits<std::uint32_t>::max(), kNow, std::nullopt};
  EXPECT_EQ(count_attempt(full, kNow, kLimit).failures, full.failures);
}

TEST(AttemptLimit, ASuccessForgivesTheNarrowBucketAndTakesBackOneOfTheWide) {
  EXPECT_EQ(settle_attempt({7, kNow, std::nullopt}, kNow, Settlement::kReset), (Attempts{0, kNow, kNow}));
  EXPECT_EQ(settle_attempt({7, kNow, std::nullopt}, kNow, Settlement::kTakeBack), (Attempts{6, kNow, kNow}));
  EXPECT_EQ(settle_attempt({0, kNow, std::nullopt}, kNow, Settlement::kTakeBack).failures, 0u);
}

TEST(AttemptLimit, WhatNobodyLookedAtIsNeitherAFailureNorASuccess) {
  EXPECT_EQ(settle_attempt({7, kNow, std::nullopt}, kNow, Settlement::kNotTried), (Attempts{6, kNow, std::nullopt}));
  const WallTime earlier = kNow - seconds(9);
  EXPECT_EQ(settle_attempt({0, kNow, earlier}, kNow, Settlement::kNotTried), (Attempts{0, kNow, earlier}));
}

TEST(AttemptLimit, OnlyARecentSuccessWaives) {
  EXPECT_FALSE(is_waived(std::nullopt, kNow));
  EXPECT_FALSE(is_waived(Attempts{0, kNow, std::nullopt}, kNow));
  EXPECT_TRUE(is_waived(Attempts{3, kNow, kNow}, kNow + kTrustAfterSuccess - seconds(1)));
  EXPECT_FALSE(is_waived(Attempts{3, kNow, kNow}, kNow + kTrustAfterSuccess));
}

}  // namespace
}  // namespace rescind
