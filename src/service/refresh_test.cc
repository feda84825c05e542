#include <gtest/gtest.h>

#include <algorithm>

#include "tests/testing/race_tally.h"
#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

ServicePolicy with_grace(int grace) {
  ServicePolicy policy;
  policy.session.refresh_grace = seconds(grace);
  return policy;
}

std::vector<Result<TokenPair>> refresh_in_parallel(ServiceUnderTest& service, const TokenPair& pair, int times, int threads) {
  std::vector<Task<Result<TokenPair>>> tasks;
  for (int i = 0; i < times; ++i) tasks.push_back(service.sessions().refresh(pair.refresh_token, "192.0.2.9"));
  return run_all(std::move(tasks), threads);
}

TEST(Refresh, GivesTheNextGenerationAndLeavesThePreviousAccessTokenGood) {
  ServiceUnderTest service;
  const TokenPair first = service.adopt("ada");
  const Result<TokenPair> second = service.refresh(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->session.generation, 2U);
  EXPECT_EQ(second->session.id, first.session.id);
  EXPECT_NE(second->access_token, first.access_token);
  EXPECT_TRUE(service.is_good(first));
  EXPECT_TRUE(service.is_good(*second));
}

TEST(Refresh, WithinTheGraceThePreviousTokenGivesTheSameSuccessorAgain) {
  ServiceUnderTest service(with_grace(30));
  const TokenPair first = service.adopt("ada");
  const Result<TokenPair> second = service.refresh(first);
  service.clock.advance(milliseconds(29'999));
  const Result<TokenPair> again = service.refresh(first);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->refresh_token.reveal(), second->refresh_token.reveal());
}

TEST(Refresh, TheGraceCountsFromTheRotationAndIsNeverExtended) {
  ServiceUnderTest service(with_grace(30));
  const TokenPair first = service.adopt("ada");
  ASSERT_TRUE(service.refresh(first));
  for (int i = 0; i < 2; ++i) {
    service.clock.advance(milliseconds(14'999));
    ASSERT_TRUE(service.refresh(first));
  }
  service.clock.advance(milliseconds(2));
  const Result<TokenPair> late = service.refresh(first);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kRefreshReused);
}

TEST(Refresh, AReusedTokenEndsItsSessionAndNoOther) {
  ServiceUnderTest service(with_grace(0));
  const TokenPair first = service.adopt("ada");
  const TokenPair elsewhere = service.adopt("ada");
  const Result<TokenPair> second = service.refresh(first);
  const Result<TokenPair> stolen = service.refresh(first);
  ASSERT_FALSE(stolen);
  EXPECT_EQ(stolen.error().code, ErrorCode::kRefreshReused);
  EXPECT_EQ(service.refusal(first), ErrorCode::kTokenRevoked);
  EXPECT_EQ(service.refusal(*second), ErrorCode::kTokenRevoked);
  EXPECT_EQ(service.refresh(*second).error().code, ErrorCode::kSessionRevoked);
  EXPECT_TRUE(service.is_good(elsewhere));
  EXPECT_TRUE(service.refresh(elsewhere));
}

TEST(Refresh, AReusedTokenEndsAllOfTheUsersSessionsWhereThatIsConfigured) {
  ServicePolicy policy = with_grace(0);
  policy.session.on_reuse = SessionPolicy::OnReuse::kUser;
  ServiceUnderTest service(policy);
  const TokenPair first = service.adopt("ada");
  const TokenPair elsewhere = service.adopt("ada");
  const TokenPair somebody_else = service.adopt("grace");
  ASSERT_TRUE(service.refresh(first));
  EXPECT_EQ(service.refresh(first).error().code, ErrorCode::kRefreshReused);
  EXPECT_EQ(service.refusal(elsewhere), ErrorCode::kTokenRevoked);
  EXPECT_EQ(service.refresh(elsewhere).error().code, ErrorCode::kSessionRevoked);
  EXPECT_TRUE(service.is_good(somebody_else));
}

TEST(Refresh, ATokenOlderThanThePreviousOneEndsTheSessionWithinTheGraceToo) {
  ServiceUnderTest service(with_grace(30));
  const TokenPair first = service.adopt("ada");
  const Result<TokenPair> second = service.refresh(first);
  ASSERT_TRUE(service.refresh(*second));
  EXPECT_EQ(service.refresh(first).error().code, ErrorCode::kRefreshReused);
}

TEST(Refresh, AForgedTokenChangesNothingWhereverItWasAltered) {
  ServiceUnderTest service;
  const TokenPair pair = service.adopt("ada");
  const std::string text(pair.refresh_token.reveal());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string forged = text;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    const Result<TokenPair> answer = service.refresh_text(forged);
    ASSERT_FALSE(answer) << i;
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalidToken) << i;
  }
  EXPECT_TRUE(service.is_good(pair));
  EXPECT_EQ(service.refresh(pair)->session.generation, 2U);
}

TEST(Refresh, AnAccessTokenIsNoRefreshToken) {
  ServiceUnderTest service;
  const TokenPair pair = service.adopt("ada");
  EXPECT_EQ(service.refresh_text(pair.access_token).error().code, ErrorCode::kInvalidToken);
}

TEST(Refresh, ASessionExpiresWhereItIsIdleForTooLong) {
  ServicePolicy policy;
  policy.session.idle_ttl = seconds(100);
  ServiceUnderTest service(policy);
  TokenPair pair = service.adopt("ada");
  for (int i = 0; i < 3; ++i) {
    service.clock.advance(milliseconds(99'999));
    Result<TokenPair> next = service.refresh(pair);
    ASSERT_TRUE(next);
    pair = std::move(*next);
  }
  service.clock.advance(seconds(100));
  EXPECT_EQ(service.refresh(pair).error().code, ErrorCode::kSessionExpired);
}

TEST(Refresh, ASessionExpiresAtItsAbsoluteEndHoweverMuchItIsUsed) {
  ServicePolicy policy;
  policy.session.absolute_ttl = seconds(250);
  ServiceUnderTest service(policy);
  TokenPair pair = service.adopt("ada");
  for (int i = 0; i < 2; ++i) {
    service.clock.advance(seconds(100));
    pair = std::move(service.refresh(pair)).value();
  }
  service.clock.advance(seconds(50));
  EXPECT_EQ(service.refresh(pair).error().code, ErrorCode::kSessionExpired);
}

// Two tabs, or thirty-two: an honest user is never logged out.
TEST(RefreshReplayRace, ThirtyTwoParallelRefreshesOfOneTokenGiveOneSuccessor) {
  ServiceUnderTest service(with_grace(30));
  for (int round = 0; round < 1'000; ++round) {
    const TokenPair pair = service.adopt("ada");
    for (const Result<TokenPair>& answer : refresh_in_parallel(service, pair, 32, 4)) {
      ASSERT_TRUE(answer) << to_string(answer.error().code);
      ASSERT_EQ(answer->session.generation, 2U);
    }
  }
}

TEST(RefreshReplayRace, WithoutAGraceExactlyOneOfThirtyTwoWinsAndTheSessionEnds) {
  ServiceUnderTest service(with_grace(0));
  for (int round = 0; round < 1'000; ++round) {
    const TokenPair pair = service.adopt("ada");
    const auto answers = refresh_in_parallel(service, pair, 32, 4);
    const auto winner = std::ranges::find_if(answers, [](const auto& answer) { return answer.has_value(); });
    ASSERT_NE(winner, answers.end());
    ASSERT_EQ(std::ranges::count_if(answers, [](const auto& answer) { return answer.has_value(); }), 1);
    for (const Result<TokenPair>& answer : answers) {
      if (answer) continue;
      const ErrorCode code = answer.error().code;
      ASSERT_TRUE(code == ErrorCode::kRefreshReused || code == ErrorCode::kSessionRevoked) << to_string(code);
    }
    ASSERT_EQ(service.refusal(**winner), ErrorCode::kTokenRevoked);
    ASSERT_EQ(service.refresh(**winner).error().code, ErrorCode::kSessionRevoked);
  }
}

TEST(RefreshReplayRace, TheEmbeddedStoreGivesOneSuccessorToo) {
  const TemporaryDirectory directory;
  ServiceUnderTest service(with_grace(30), open_sqlite_store(directory));
  for (int round = 0; round < 200; ++round) {
    const TokenPair pair = service.adopt("ada");
    for (const Result<TokenPair>& answer : refresh_in_parallel(service, pair, 32, 4)) {
      ASSERT_TRUE(answer) << to_string(answer.error().code);
      ASSERT_EQ(answer->session.generation, 2U);
    }
  }
}

// Without a grace: one of two wins, and then the session is over.
void refresh_twice(ServiceUnderTest& service, std::string_view store) {
  RaceTally tally("refresh/refresh", store);
  for (int i = 0; i < kRaceRounds; ++i) {
    const TokenPair pair = service.adopt("ada" + std::to_string(i % 100));
    const auto answers = refresh_in_parallel(service, pair, 2, 2);
    const int wins = answers[0].has_value() + answers[1].has_value();
    std::string broken = wins == 1 ? "" : std::to_string(wins) + " of two were good";
    for (const Result<TokenPair>& answer : answers) {
      if (answer && service.is_good(*answer)) broken = "the winner's token is good after a reuse";
    }
    tally.count_round(broken);
  }
}

TEST(RefreshReplayRace, WithoutAGraceOneOfTwoWinsInTheMemoryStore) {
  ServiceUnderTest service(with_grace(0));
  refresh_twice(service, "memory");
}

TEST(RefreshReplayRace, WithoutAGraceOneOfTwoWinsInTheEmbeddedStore) {
  const TemporaryDirectory directory;
  ServiceUnderTest service(with_grace(0), open_sqlite_store(directory));
  refresh_twice(service, "sqlite");
}

// Found once, it must not be lost because the store failed in between.
TEST(Refresh, ReuseThatEndsEverySessionIsFoundAgainAfterAFailure) {
  ServicePolicy policy = with_grace(0);
  policy.session.on_reuse = SessionPolicy::OnReuse::kUser;
  for (int call = 1; call <= 3; ++call) {
    ServiceUnderTest service(policy);
    const TokenPair stolen = service.adopt("ada");
    const TokenPair other = service.adopt("ada");
    ASSERT_TRUE(service.refresh(stolen));
    service.failing.fail_call(call, FailureSide::kBefore);
    (void)service.refresh(stolen);
    (void)service.refresh(stolen);
    EXPECT_EQ(service.refusal(other), ErrorCode::kTokenRevoked) << "call " << call;
  }
}

}  // namespace
}  // namespace rescind
