#include "service/email_verification.h"

#include <gtest/gtest.h>

#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

TokenPair sign_up(ServiceUnderTest& service) {
  SignUp request{"ada@example.com", Secret("correct horse"), "Ada", {"device", "agent", "192.0.2.7"}};
  return std::move(run(service.sessions().sign_up(std::move(request)))).value().pair.value();
}

Result<void> send(ServiceUnderTest& service, const UserId& user) { return run(service.parts->verification.send(user)); }
Result<void> verify(ServiceUnderTest& service, const Secret& token) {
  return run(service.parts->verification.verify(token, "192.0.2.7"));
}
bool is_verified(ServiceUnderTest& service, const UserId& user) {
  return run(service.sessions().find_user(user))->email_verified_at.has_value();
}

TEST(EmailVerification, FollowingTheLinkVerifiesOnce) {
  ServiceUnderTest service;
  const UserId user = sign_up(service).user.id;
  ASSERT_TRUE(send(service, user));
  const Secret token = service.parts->outbox.last_token();
  EXPECT_FALSE(is_verified(service, user));
  EXPECT_TRUE(verify(service, token));
  EXPECT_TRUE(is_verified(service, user));
  EXPECT_EQ(verify(service, token).error().code, ErrorCode::kInvalidLink);
  EventFilter filter;
  filter.type = EventType::kEmailVerified;
  EXPECT_EQ(run(service.failing.list_events(filter))->size(), 1U);
}

TEST(EmailVerification, OfAVerifiedAddressOrOfNoAddressSendsNothing) {
  ServiceUnderTest service;
  const UserId user = sign_up(service).user.id;
  ASSERT_TRUE(send(service, user));
  ASSERT_TRUE(verify(service, service.parts->outbox.last_token()));
  EXPECT_TRUE(send(service, user));
  EXPECT_TRUE(send(service, service.adopt("by the application").user.id));
  EXPECT_EQ(send(service, UserId{"nobody"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(service.parts->outbox.count(), 1U);
}

TEST(EmailVerification, IsLimited) {
  ServiceUnderTest service;
  const UserId user = sign_up(service).user.id;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(send(service, user));
  EXPECT_EQ(send(service, user).error().code, ErrorCode::kTooManyAttempts);
}

TEST(EmailVerification, ALinkIsGoodForADayAndNotAMomentLonger) {
  ServiceUnderTest service;
  const UserId user = sign_up(service).user.id;
  ASSERT_TRUE(send(service, user));
  service.pass_time(kVerifyLinkLifetime);
  EXPECT_EQ(verify(service, service.parts->outbox.last_token()).error().code, ErrorCode::kInvalidLink);
  ASSERT_TRUE(send(service, user));
  service.pass_time(kVerifyLinkLifetime - std::chrono::milliseconds(1));
  EXPECT_TRUE(verify(service, service.parts->outbox.last_token()));
}

TEST(EmailVerification, ALinkThatVerifiesResetsNoPasswordAndTheOtherWayRound) {
  ServiceUnderTest service;
  const UserId user = sign_up(service).user.id;
  ASSERT_TRUE(send(service, user));
  const std::string verifies(service.parts->outbox.last_token().reveal());
  ASSERT_TRUE(run(service.passwords().ask_reset("ada@example.com", "192.0.2.7")));
  const std::string resets(service.parts->outbox.last_token().reveal());
  for (const std::string& token : {verifies, "pr1." + verifies.substr(4)}) {
    EXPECT_EQ(run(service.passwords().reset(Secret(token), Secret("battery staple"), "192.0.2.7")).error().code,
              ErrorCode::kInvalidLink);
  }
  for (const std::string& token : {resets, "ev1." + resets.substr(4)}) {
    EXPECT_EQ(verify(service, Secret(token)).error().code, ErrorCode::kInvalidLink);
  }
  EXPECT_TRUE(verify(service, Secret(verifies)));
  EXPECT_TRUE(run(service.passwords().reset(Secret(resets), Secret("battery staple"), "192.0.2.7")));
}

TEST(EmailVerification, ABlockVoidsTheLink) {
  ServiceUnderTest service;
  const UserId user = sign_up(service).user.id;
  ASSERT_TRUE(send(service, user));
  ASSERT_TRUE(run(service.sessions().block_user(user, Block{}, {"192.0.2.1", std::nullopt})));
  EXPECT_EQ(verify(service, service.parts->outbox.last_token()).error().code, ErrorCode::kInvalidLink);
}

// As a sign-up's mail can be, which is made after the answer.
TEST(EmailVerification, ALinkThatWasMadeDuringABlockIsNotGoodWhileItHolds) {
  ServiceUnderTest service;
  const UserId user = sign_up(service).user.id;
  ASSERT_TRUE(run(service.sessions().block_user(user, Block{}, {"192.0.2.1", std::nullopt})));
  ASSERT_TRUE(send(service, user));
  const Secret token = service.parts->outbox.last_token();
  EXPECT_EQ(verify(service, token).error().code, ErrorCode::kInvalidLink);
  ASSERT_TRUE(run(service.sessions().unblock_user(user, {"192.0.2.1", std::nullopt})));
  EXPECT_TRUE(verify(service, token));
}

Result<TokenPair> log_in(ServiceUnderTest& service, const char* password = "correct horse") {
  LogIn request{"ada@example.com", Secret(password), {"device", "agent", "192.0.2.7"}};
  return run(service.sessions().log_in(std::move(request)));
}

ErrorCode refusal(const Result<TokenPair>& answer) { return answer ? ErrorCode::kInternal : answer.error().code; }

TEST(VerifiedOnly, ASignUpOpensNoSessionAndALogInSendsAnotherMail) {
  ServiceUnderTest service({.email_rule = EmailRule::kVerifiedOnly});
  SignUp request{"ada@example.com", Secret("correct horse"), "Ada", {"device", "agent", "192.0.2.7"}};
  const auto signed_up = run(service.sessions().sign_up(std::move(request)));
  ASSERT_TRUE(signed_up);
  EXPECT_FALSE(signed_up->pair);
  EXPECT_TRUE(run(service.failing.list_sessions(signed_up->user.id))->empty());
  EXPECT_EQ(run(service.failing.list_events({}))->front().draft.session, std::nullopt);

  EXPECT_EQ(refusal(log_in(service, "wrong horse")), ErrorCode::kInvalidCredentials) << "who guesses learns nothing";
  EXPECT_EQ(service.parts->outbox.count(), 0U);
  EXPECT_EQ(refusal(log_in(service)), ErrorCode::kEmailNotVerified);
  ASSERT_EQ(service.parts->outbox.count(), 1U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(refusal(log_in(service)), ErrorCode::kEmailNotVerified);
  EXPECT_EQ(service.parts->outbox.count(), 3U) << "the limit of mails holds";
  EXPECT_TRUE(run(service.failing.list_sessions(signed_up->user.id))->empty());

  Secret token = service.parts->outbox.last_token();
  ASSERT_TRUE(run(service.parts->verification.verify(std::move(token), "192.0.2.7")));
  EXPECT_TRUE(log_in(service));
}

TEST(VerifiedOnly, ABlockedUserIsToldOfTheBlockAndGetsNoMail) {
  ServiceUnderTest service({.email_rule = EmailRule::kVerifiedOnly});
  SignUp request{"ada@example.com", Secret("correct horse"), "Ada", {"device", "agent", "192.0.2.7"}};
  const UserId ada = run(service.sessions().sign_up(std::move(request)))->user.id;
  ASSERT_TRUE(run(service.sessions().block_user(ada, Block{}, Actor{"192.0.2.1", std::nullopt})));
  EXPECT_EQ(refusal(log_in(service)), ErrorCode::kUserBlocked);
  EXPECT_EQ(service.parts->outbox.count(), 0U);
}

TEST(VerifiedOnly, SessionsThatAreAliveAndUsersWithoutAnAddressGoOn) {
  ServiceUnderTest service;
  const TokenPair before = sign_up(service);
  service.start({.email_rule = EmailRule::kVerifiedOnly});
  EXPECT_TRUE(service.refresh(before));
  EXPECT_TRUE(service.is_good(service.adopt("grace")));
  EXPECT_EQ(refusal(log_in(service)), ErrorCode::kEmailNotVerified);
}

}  // namespace
}  // namespace rescind
