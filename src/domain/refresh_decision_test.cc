#include "domain/refresh_decision.h"

#include <gtest/gtest.h>

#include <limits>

namespace rescind {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr WallTime kStart{seconds(1'000'000)};
constexpr WallTime kRotated = kStart + seconds(60);  // when the current generation was reached
constexpr seconds kGrace{30};
constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

Session session_at(std::uint64_t generation) {
  Session session;
  session.generation = generation;
  session.generation_at = kRotated;
  session.created_at = kStart;
  session.last_used_at = kRotated;
  session.expires_at = kStart + seconds(3600);
  return session;
}

SessionPolicy policy_with(seconds grace) {
  SessionPolicy policy;
  policy.refresh_grace = grace;
  policy.idle_ttl = seconds(1800);
  policy.absolute_ttl = seconds(3600);
  return policy;
}

struct Row {
  const char* rule;
  std::uint64_t current;
  std::uint64_t presented;
  milliseconds since_rotation;
  seconds grace;
  RefreshDecision expected;
};

const Row kRows[] = {
    {"the current one rotates", 7, 7, milliseconds(0), kGrace, RefreshDecision::kRotate},
    {"the current one rotates long after", 7, 7, seconds(1799), kGrace, RefreshDecision::kRotate},
    {"the first one rotates", 1, 1, milliseconds(1), kGrace, RefreshDecision::kRotate},
    {"the one before, at once", 7, 6, milliseconds(0), kGrace, RefreshDecision::kSameSuccessor},
    {"the one before, 1 ms before the grace ends", 7, 6, kGrace - milliseconds(1), kGrace, RefreshDecision::kSameSuccessor},
    {"the one before, as the grace ends", 7, 6, kGrace, kGrace, RefreshDecision::kReused},
    {"the one before, 1 ms after the grace", 7, 6, kGrace + milliseconds(1), kGrace, RefreshDecision::kReused},
    {"the one before, without a grace", 7, 6, milliseconds(0), seconds(0), RefreshDecision::kReused},
    {"the one before, clock behind the rotation", 7, 6, milliseconds(-5), kGrace, RefreshDecision::kSameSuccessor},
    {"the one before, clock behind, without a grace", 7, 6, milliseconds(-5), seconds(0), RefreshDecision::kReused},
    {"two before, within the grace", 7, 5, milliseconds(0), kGrace, RefreshDecision::kReused},
    {"the first of many", 7, 1, milliseconds(0), kGrace, RefreshDecision::kReused},
    {"generation 0 was before the first", 1, 0, milliseconds(0), kGrace, RefreshDecision::kSameSuccessor},
    {"generation 0 of an old session", 7, 0, milliseconds(0), kGrace, RefreshDecision::kReused},
    {"the one to come", 7, 8, milliseconds(0), kGrace, RefreshDecision::kNotIssued},
    {"far beyond", 7, kMax, milliseconds(0), kGrace, RefreshDecision::kNotIssued},
    {"the highest number is not the one before 0", 0, kMax, milliseconds(0), kGrace, RefreshDecision::kNotIssued},
    {"the highest number, current", kMax, kMax, milliseconds(0), kGrace, RefreshDecision::kRotate},
    {"the one before the highest", kMax, kMax - 1, milliseconds(0), kGrace, RefreshDecision::kSameSuccessor},
};

TEST(DecideRefresh, EveryRowOfTheTable) {
  for (const Row& row : kRows) {
    const auto decision =
        decide_refresh(session_at(row.current), row.presented, kRotated + row.since_rotation, policy_with(row.grace));
    EXPECT_EQ(decision, row.expected) << row.rule;
  }
}

TEST(DecideRefresh, AnEndedSessionStaysEndedWhateverIsPresented) {
  for (const Row& row : kRows) {
    Session session = session_at(row.current);
    session.ended = SessionEnd{kRotated, EndReason::kLogOut};
    for (const auto now : {kRotated + row.since_rotation, session.expires_at, session.expires_at + seconds(1)}) {
      EXPECT_EQ(decide_refresh(session, row.presented, now, policy_with(row.grace)), RefreshDecision::kSessionEnded)
          << row.rule;
    }
  }
}

TEST(DecideRefresh, AnExpiredSessionStaysExpiredWhateverIsPresented) {
  for (const Row& row : kRows) {
    const Session session = session_at(row.current);
    EXPECT_EQ(decide_refresh(session, row.presented, session.expires_at, policy_with(row.grace)),
              RefreshDecision::kSessionExpired)
        << row.rule;
  }
}

TEST(DecideRefresh, TheGraceIsCountedFromTheRotationAndNotFromTheLastUse) {
  Session session = session_at(7);
  session.last_used_at = kRotated + kGrace;
  EXPECT_EQ(decide_refresh(session, 6, kRotated + kGrace, policy_with(kGrace)), RefreshDecision::kReused);
}

}  // namespace
}  // namespace rescind
