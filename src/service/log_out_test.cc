#include <gtest/gtest.h>

#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

Actor actor() { return {"192.0.2.7", UserId{"ada"}}; }

std::size_t count_events(ServiceUnderTest& service, EventType type) {
  EventFilter filter;
  filter.type = type;
  filter.limit = 1000;
  return run(service.failing.list_events(filter))->size();
}

TEST(LogOut, RefusesEveryTokenOfTheSessionFromTheAnswerOn) {
  ServiceUnderTest service;
  const TokenPair first = service.adopt("ada");
  const Result<TokenPair> second = service.refresh(first);
  ASSERT_TRUE(service.log_out(first));
  EXPECT_EQ(service.refusal(first), ErrorCode::kTokenRevoked);
  EXPECT_EQ(service.refusal(*second), ErrorCode::kTokenRevoked);
  EXPECT_EQ(service.refresh(*second).error().code, ErrorCode::kSessionRevoked);
}

TEST(LogOut, IsIdempotentAndWritesOneEvent) {
  ServiceUnderTest service;
  const TokenPair pair = service.adopt("ada");
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(service.log_out(pair));
  EXPECT_EQ(count_events(service, EventType::kSessionRevoked), 1U);
  EXPECT_EQ(service.revocations().live_count(), 1U);
}

// The token was given away by a store that is gone; this one, with the same keys, has never heard of its session.
void expect_refused_where_the_session_is_unknown(ServiceUnderTest& service, Store& lost) {
  ServiceParts before({}, lost, service.keys, service.clock);
  ASSERT_TRUE(run(before.revocations.load()));
  const auto pair = run(before.sessions.adopt(adopt_request("ada")));
  const auto bystander = run(before.sessions.adopt(adopt_request("ada")));
  ASSERT_TRUE(pair && bystander && service.is_good(*pair));
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(service.log_out(*pair));
    EXPECT_EQ(service.refusal(*pair), ErrorCode::kTokenRevoked);
  }
  EXPECT_TRUE(service.is_good(*bystander));
  EXPECT_EQ(count_events(service, EventType::kRevocationAdded), 1U);
  // As long as any token of the session could live, and no longer.
  service.pass_time(std::chrono::seconds(899));
  EXPECT_EQ(service.refusal(*pair), ErrorCode::kTokenRevoked);
  service.start({});
  EXPECT_EQ(service.refusal(*pair), ErrorCode::kTokenRevoked);
  service.pass_time(std::chrono::seconds(10));
  ASSERT_TRUE(run(service.revocations().purge()));
  EXPECT_EQ(service.revocations().live_count(), 0U);
}

TEST(LogOut, OfASessionThatTheMemoryStoreHasForgottenRefusesItsTokens) {
  ServiceUnderTest service;
  MemoryStore lost;
  expect_refused_where_the_session_is_unknown(service, lost);
}

TEST(LogOut, OfASessionThatAnOlderBackupDoesNotHoldRefusesItsTokens) {
  const TemporaryDirectory directory;
  ServiceUnderTest service({}, open_sqlite_store(directory));
  MemoryStore lost;
  expect_refused_where_the_session_is_unknown(service, lost);
}

TEST(LogOut, OfAnUnknownSessionThatCannotBeWrittenIsNotAcknowledged) {
  ServiceUnderTest service;
  const SessionId unknown = SessionId::create(service.parts->random);
  for (const std::uint64_t call : {1, 2, 3}) {
    service.failing.fail_call(call, FailureSide::kBefore);
    EXPECT_EQ(run(service.sessions().log_out(unknown, actor())).error().code, ErrorCode::kStoreUnavailable) << call;
  }
  EXPECT_EQ(service.revocations().live_count(), 0U);
}

// The first answer was lost: whoever asks again and is told "done" may rely on it.
TEST(LogOut, ThatIsSentAgainAfterALostAnswerRefusesTheToken) {
  ServiceUnderTest service;
  const TokenPair pair = service.adopt("ada");
  service.failing.fail_call(1, FailureSide::kAfter);
  ASSERT_FALSE(service.log_out(pair));
  ASSERT_TRUE(service.log_out(pair));
  EXPECT_EQ(service.refusal(pair), ErrorCode::kTokenRevoked);
}

TEST(LogOut, OfASessionThatALostLogOutEverywhereEndedRefusesTheToken) {
  ServiceUnderTest service;
  const TokenPair pair = service.adopt("ada");
  service.failing.fail_call(1, FailureSide::kAfter);
  ASSERT_FALSE(run(service.sessions().log_out_all(pair.user.id, std::nullopt, actor())));
  ASSERT_TRUE(service.log_out(pair));
  EXPECT_EQ(service.refusal(pair), ErrorCode::kTokenRevoked);
}

TEST(LogOutAll, RefusesEverySessionOfTheUserAndNobodyElses) {
  ServiceUnderTest service;
  const TokenPair one = service.adopt("ada");
  const TokenPair two = service.adopt("ada");
  const TokenPair other = service.adopt("grace");
  const auto done = run(service.sessions().log_out_all(one.user.id, std::nullopt, actor()));
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->pair);
  for (const TokenPair* pair : {&one, &two}) {
    EXPECT_EQ(service.refusal(*pair), ErrorCode::kTokenRevoked);
    EXPECT_EQ(service.refresh(*pair).error().code, ErrorCode::kSessionRevoked);
  }
  EXPECT_TRUE(service.is_good(other));
}

TEST(LogOutAll, GivesTheKeptSessionATokenOfTheNewVersionAndRefusesItsOldOne) {
  ServiceUnderTest service;
  const TokenPair kept = service.adopt("ada");
  const TokenPair other = service.adopt("ada");
  const auto done = run(service.sessions().log_out_all(kept.user.id, kept.session.id, actor()));
  ASSERT_TRUE(done && done->pair);
  EXPECT_EQ(done->pair->session.id, kept.session.id);
  EXPECT_TRUE(service.is_good(*done->pair));
  EXPECT_EQ(service.refusal(kept), ErrorCode::kTokenRevoked);
  EXPECT_EQ(service.refusal(other), ErrorCode::kTokenRevoked);
  EXPECT_TRUE(service.refresh(*done->pair));
}

TEST(LogOutAll, KeepsNoSessionThatHasExpired) {
  ServicePolicy policy;
  policy.session.absolute_ttl = std::chrono::seconds(60);
  policy.access_ttl = std::chrono::seconds(300);
  ServiceUnderTest service(policy);
  const TokenPair pair = service.adopt("ada");
  service.pass_time(std::chrono::seconds(60));
  ASSERT_TRUE(service.is_good(pair));
  const auto done = run(service.sessions().log_out_all(pair.user.id, pair.session.id, actor()));
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->pair);
  EXPECT_EQ(service.refusal(pair), ErrorCode::kTokenRevoked);
}

TEST(LogOutAll, KeepsNoSessionOfSomebodyElse) {
  ServiceUnderTest service;
  const TokenPair ada = service.adopt("ada");
  const TokenPair grace = service.adopt("grace");
  const auto done = run(service.sessions().log_out_all(ada.user.id, grace.session.id, actor()));
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->pair);
  EXPECT_TRUE(service.is_good(grace));
  EXPECT_EQ(service.refusal(ada), ErrorCode::kTokenRevoked);
}

TEST(SignOut, OfSomebodyElsesSessionIsAnsweredLikeOneThatNeverWas) {
  ServiceUnderTest service;
  const TokenPair ada = service.adopt("ada");
  const TokenPair grace = service.adopt("grace");
  const Result<void> answer = run(service.sessions().sign_out(ada.user.id, grace.session.id, actor()));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(service.is_good(grace));
}

TEST(SignOut, EndsOneSessionAndTheListNoLongerShowsIt) {
  ServiceUnderTest service;
  const TokenPair one = service.adopt("ada");
  const TokenPair two = service.adopt("ada");
  ASSERT_TRUE(run(service.sessions().sign_out(one.user.id, one.session.id, actor())));
  EXPECT_EQ(service.refusal(one), ErrorCode::kTokenRevoked);
  const auto listed = run(service.sessions().list(one.user.id));
  ASSERT_EQ(listed->size(), 1U);
  EXPECT_EQ(listed->front().id, two.session.id);
}

// An identifier is made at each log-in: nobody can plant one, and an ended one never comes back.
TEST(SessionFixation, EveryLogInGetsASessionOfItsOwn) {
  ServiceUnderTest service;
  SignUp sign_up{"ada@mail.example", Secret("correct horse"), "Ada", {}};
  const Result<SignedUp> signed_up = run(service.sessions().sign_up(std::move(sign_up)));
  ASSERT_TRUE(signed_up);
  const std::optional<TokenPair>& first = signed_up->pair;
  ASSERT_TRUE(service.log_out(*first));
  LogIn log_in{"Ada@MAIL.example", Secret("correct horse"), {}};
  const Result<TokenPair> second = run(service.sessions().log_in(std::move(log_in)));
  ASSERT_TRUE(second);
  EXPECT_NE(second->session.id, first->session.id);
  EXPECT_EQ(service.refusal(*first), ErrorCode::kTokenRevoked);
  EXPECT_TRUE(service.is_good(*second));
}

}  // namespace
}  // namespace rescind
