#include "tests/simulation/simulation.h"

#include <gtest/gtest.h>

namespace rescind::simulation {
namespace {

// Seeds from 1; more by `./dev simulate N`. A sanitizer takes ten times as long for each.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kSeeds = 1'000;
#else
constexpr std::uint64_t kSeeds = 10'000;
#endif

TEST(Simulation, EveryGuaranteeHoldsOverCrashesOutagesAndClockSteps) {
  Tally tally;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Report report = simulate(seed);
    ASSERT_EQ(report.breach, "") << report.tail << "seed " << seed << ": simulate --seeds 1 --first-seed " << seed;
    for (const auto& [what, times] : report.tally) tally[what] += times;
  }
  for (const char* what : {"adopted",
                           "signed up",
                           "logged in",
                           "crash",
                           "clock stepped",
                           "store outage",
                           "restart with revocations",
                           "purged revocations",
                           "kept a session",
                           "refresh: ok",
                           "refresh: same successor",
                           "refresh: forged",
                           "refresh: refresh_reused",
                           "refresh: session_revoked",
                           "refresh: session_expired",
                           "refresh: store_unavailable",
                           "revoked: token",
                           "revoked: session",
                           "revoked: user",
                           "revoked: before",
                           "verify: good",
                           "verify: token_revoked",
                           "verify: token_expired",
                           "verify: verifier_stale"}) {
    EXPECT_GE(tally[what], kSeeds / 100) << "a simulation in which this hardly happens proves little: " << what;
  }
}

TEST(Simulation, TheSameSeedGivesTheSameTrace) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) EXPECT_EQ(simulate(seed).trace_hash, simulate(seed).trace_hash);
}

TEST(Simulation, OtherSeedsGiveOtherTraces) { EXPECT_NE(simulate(1).trace_hash, simulate(2).trace_hash); }

}  // namespace
}  // namespace rescind::simulation
