#include "domain/session.h"

#include <gtest/gtest.h>

#include "domain/event.h"

namespace rescind {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr WallTime kStart{seconds(1'000'000)};

class DecideSessionState : public testing::Test {
 protected:
  DecideSessionState() {
    policy_.idle_ttl = seconds(100);
    session_.created_at = kStart;
    session_.last_used_at = kStart + seconds(50);
    session_.expires_at = kStart + seconds(200);
  }
  SessionState state_at(WallTime now) const { return decide_session_state(session_, now, policy_); }

  Session session_;
  SessionPolicy policy_;
};

TEST_F(DecideSessionState, IdleEndsAtTheMillisecond) {
  EXPECT_EQ(state_at(kStart + seconds(150) - milliseconds(1)), SessionState::kAlive);
  EXPECT_EQ(state_at(kStart + seconds(150)), SessionState::kExpired);
  EXPECT_EQ(state_at(kStart + seconds(150) + milliseconds(1)), SessionState::kExpired);
}

TEST_F(DecideSessionState, TheAbsoluteEndHoldsHoweverOftenItIsUsed) {
  session_.last_used_at = kStart + seconds(199);
  EXPECT_EQ(state_at(kStart + seconds(200) - milliseconds(1)), SessionState::kAlive);
  EXPECT_EQ(state_at(kStart + seconds(200)), SessionState::kExpired);
}

TEST_F(DecideSessionState, EndedWinsOverExpired) {
  session_.ended = SessionEnd{kStart, EndReason::kAdmin};
  EXPECT_EQ(state_at(kStart), SessionState::kEnded);
  EXPECT_EQ(state_at(kStart + seconds(1000)), SessionState::kEnded);
}

TEST_F(DecideSessionState, ZeroIdleTimeIsNeverAlive) {
  policy_.idle_ttl = seconds(0);
  EXPECT_EQ(state_at(session_.last_used_at), SessionState::kExpired);
}

TEST(EndReason, EveryReasonHasAName) {
  for (int i = 1; i <= 6; ++i) EXPECT_FALSE(to_string(static_cast<EndReason>(i)).empty()) << i;
  EXPECT_EQ(to_string(EndReason::kRefreshReused), "refresh_reused");
}

TEST(EventType, EveryNameParsesBackAndNoOtherDoes) {
  for (int i = 1; i <= static_cast<int>(EventType::kProfileChanged); ++i) {
    const auto type = static_cast<EventType>(i);
    EXPECT_EQ(parse_event_type(to_string(type)), type);
  }
  for (const char* name : {"", "Login_Succeeded", "login_succeeded ", "no_such_event"}) {
    EXPECT_FALSE(parse_event_type(name)) << name;
  }
}

}  // namespace
}  // namespace rescind
