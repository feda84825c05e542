#include "service/log_in_limits.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <future>
#include <map>

#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

const LogInLimits kLimits{};

AttemptBucket pair_of(const std::string& email, const std::string& address) {
  return describe_attempt(parse_email(email), address, kLimits).rules.at(1).bucket;
}

TEST(LogInLimits, EverySpellingOfAnAddressSharesABucket) {
  EXPECT_EQ(pair_of("Ada@Example.com", "192.0.2.1"), pair_of("ada@example.COM", "192.0.2.1"));
  EXPECT_NE(pair_of("ada@example.com", "192.0.2.1"), pair_of("eve@example.com", "192.0.2.1"));
  EXPECT_NE(pair_of("ada@example.com", "192.0.2.1"), pair_of("ada@example.com", "192.0.2.2"));
}

TEST(LogInLimits, AnIpv6AddressCountsByItsNetwork) {
  EXPECT_EQ(pair_of("ada@example.com", "2001:db8::1"), pair_of("ada@example.com", "2001:db8::ffff:1"));
  EXPECT_NE(pair_of("ada@example.com", "2001:db8::1"), pair_of("ada@example.com", "2001:db8:0:1::1"));
}

TEST(LogInLimits, WhatIsNoEmailAddressCountsByItsSenderOnly) {
  EXPECT_EQ(describe_attempt(std::nullopt, "192.0.2.1", kLimits).rules.size(), 1u);
}

class LogInBackOff : public ::testing::Test {
 protected:
  LogInBackOff() {
    SignUp request{"ada@example.com", Secret("correct horse"), "", {"", "", "192.0.2.1"}};
    EXPECT_TRUE(run(server_.sessions().sign_up(std::move(request))).has_value());
  }

  Result<TokenPair> log_in(const std::string& password, const std::string& address,
                           const std::string& email = "ada@example.com") {
    LogIn request{email, Secret(password), {"", "", address}};
    return run(server_.sessions().log_in(std::move(request)));
  }
  ErrorCode guess(const std::string& address) { return log_in("wrong horse", address).error().code; }

  ServiceUnderTest server_{ServicePolicy{
      .log_in = {.pair = {.free_attempts = 3}, .account = {.free_attempts = 6}, .address = {.free_attempts = 9}}}};
};

TEST_F(LogInBackOff, AGuesserHasToWaitEvenWithTheRightPasswordAndIsToldHowLong) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(guess("192.0.2.9"), ErrorCode::kInvalidCredentials);
  const Result<TokenPair> early = log_in("correct horse", "192.0.2.9");
  ASSERT_FALSE(early.has_value());
  EXPECT_EQ(early.error().code, ErrorCode::kTooManyAttempts);
  EXPECT_EQ(early.error().retry_after, std::chrono::seconds(1));
  server_.clock.advance(std::chrono::seconds(1));
  EXPECT_TRUE(log_in("correct horse", "192.0.2.9").has_value());
  EXPECT_EQ(guess("192.0.2.9"), ErrorCode::kInvalidCredentials);  // the success has forgiven the others
}

TEST_F(LogInBackOff, AnUnknownAccountIsLimitedLikeAKnownOne) {
  const auto guess_unknown = [&] { return log_in("wrong horse", "192.0.2.9", "nobody@example.com").error().code; };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(guess_unknown(), ErrorCode::kInvalidCredentials);
  EXPECT_EQ(guess_unknown(), ErrorCode::kTooManyAttempts);
}

TEST_F(LogInBackOff, GuessesFromManyAddressesAreLimitedButNeverLockTheOwnerOut) {
  ASSERT_TRUE(log_in("correct horse", "192.0.2.1").has_value());
  for (int i = 0; i < 6; ++i) EXPECT_EQ(guess("198.51.100." + std::to_string(i)), ErrorCode::kInvalidCredentials);
  EXPECT_EQ(guess("198.51.100.77"), ErrorCode::kTooManyAttempts);
  EXPECT_TRUE(log_in("correct horse", "192.0.2.1").has_value());
}

TEST_F(LogInBackOff, OneAddressIsLimitedOverManyAccounts) {
  for (int i = 0; i < 9; ++i) {
    const Result<TokenPair> wrong = log_in("wrong horse", "192.0.2.9", "user" + std::to_string(i) + "@example.com");
    EXPECT_EQ(wrong.error().code, ErrorCode::kInvalidCredentials);
  }
  EXPECT_EQ(log_in("wrong horse", "192.0.2.9", "other@example.com").error().code, ErrorCode::kTooManyAttempts);
}

TEST_F(LogInBackOff, ARestartForgivesNobody) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(guess("192.0.2.9"), ErrorCode::kInvalidCredentials);
  server_.start(ServicePolicy{.log_in = {.pair = {.free_attempts = 3}}});
  EXPECT_EQ(guess("192.0.2.9"), ErrorCode::kTooManyAttempts);
}

TEST(SessionLimit, AnEvictedSessionsTokensAreRefusedAtOnce) {
  ServiceUnderTest server(ServicePolicy{.session = {.max_per_user = 2}});
  const TokenPair first = server.adopt("ada");
  server.clock.advance(std::chrono::seconds(1));
  const TokenPair second = server.adopt("ada");
  server.clock.advance(std::chrono::seconds(1));
  const TokenPair third = server.adopt("ada");
  EXPECT_EQ(server.refresh(first).error().code, ErrorCode::kSessionRevoked);
  EXPECT_EQ(server.parts->check.check(first.access_token).error().code, ErrorCode::kTokenRevoked);
  EXPECT_TRUE(server.parts->check.check(second.access_token).has_value());
  EXPECT_TRUE(server.parts->check.check(third.access_token).has_value());
}

TEST(SessionLimit, ARejectedLogInIsToldSo) {
  ServiceUnderTest server(ServicePolicy{.session = {.max_per_user = 1, .at_limit = SessionPolicy::AtLimit::kReject}});
  const TokenPair first = server.adopt("ada");
  EXPECT_EQ(run(server.sessions().adopt(adopt_request("ada"))).error().code, ErrorCode::kSessionLimit);
  EXPECT_TRUE(server.parts->check.check(first.access_token).has_value());
}

// Log-ins that come while nothing is hashed, until as many as `sent_away` were answered.
struct Crowd {
  ServiceUnderTest& server;
  std::size_t sent_away;
  std::promise<void> may_hash;
  std::map<ErrorCode, std::size_t> refusals;
  std::size_t answered = 0;
};

Task<int> knock(Crowd& crowd) {
  LogIn request{"ada@example.com", Secret("wrong horse"), {"", "", "192.0.2.1"}};
  const Result<TokenPair> answer = co_await crowd.server.sessions().log_in(std::move(request));
  if (!answer) ++crowd.refusals[answer.error().code];
  if (++crowd.answered == crowd.sent_away) crowd.may_hash.set_value();
  co_return 0;
}

TEST(LogInOverload, WhoseTurnNeverCameHasNotGuessed) {
  constexpr std::size_t kQueued = PasswordPolicy{}.max_queued;
  const AttemptLimit limit{.free_attempts = kQueued + 10};
  ServiceUnderTest server({.log_in = {.pair = limit, .account = limit, .address = limit}});
  SignUp sign_up{"ada@example.com", Secret("correct horse"), "", {"", "", "192.0.2.1"}};
  ASSERT_TRUE(run(server.sessions().sign_up(std::move(sign_up))));

  Crowd crowd{server, 2 * kQueued, {}, {}};
  boost::asio::post(server.parts->pool, [wait = crowd.may_hash.get_future().share()] { wait.wait(); });
  std::vector<Task<int>> knocks;
  for (std::size_t i = 0; i < 3 * kQueued; ++i) knocks.push_back(knock(crowd));
  run_all(std::move(knocks), 1);
  const std::map<ErrorCode, std::size_t> expected{{ErrorCode::kOverloaded, 2 * kQueued},
                                                  {ErrorCode::kInvalidCredentials, kQueued}};
  EXPECT_EQ(crowd.refusals, expected);
  LogIn right{"ada@example.com", Secret("correct horse"), {"", "", "192.0.2.1"}};
  EXPECT_TRUE(run(server.sessions().log_in(std::move(right))));
}

Task<int> knock_to_sign_up(Crowd& crowd, std::size_t number) {
  SignUp request{"u" + std::to_string(number) + "@example.com", Secret("correct horse"), "", {"", "", "192.0.2.1"}};
  const Result<SignedUp> answer = co_await crowd.server.sessions().sign_up(std::move(request));
  if (!answer) ++crowd.refusals[answer.error().code];
  if (++crowd.answered == crowd.sent_away) crowd.may_hash.set_value();
  co_return 0;
}

TEST(SignUpOverload, AnAccountThatNobodyHadTheTimeToMakeIsNotCounted) {
  constexpr std::size_t kQueued = PasswordPolicy{}.max_queued;
  ServiceUnderTest server({.log_in = {.sign_up = {.free_attempts = kQueued + 20}}});
  Crowd crowd{server, 10, {}, {}};
  boost::asio::post(server.parts->pool, [wait = crowd.may_hash.get_future().share()] { wait.wait(); });
  std::vector<Task<int>> knocks;
  for (std::size_t i = 0; i < kQueued + 10; ++i) knocks.push_back(knock_to_sign_up(crowd, i));
  run_all(std::move(knocks), 1);
  EXPECT_EQ(crowd.refusals, (std::map<ErrorCode, std::size_t>{{ErrorCode::kOverloaded, 10}}));
  for (std::size_t i = 0; i < 20; ++i) {
    SignUp more{"more" + std::to_string(i) + "@example.com", Secret("correct horse"), "", {"", "", "192.0.2.1"}};
    EXPECT_TRUE(run(server.sessions().sign_up(std::move(more)))) << i;
  }
  SignUp over{"over@example.com", Secret("correct horse"), "", {"", "", "192.0.2.1"}};
  EXPECT_EQ(run(server.sessions().sign_up(std::move(over))).error().code, ErrorCode::kTooManyAttempts);
}

}  // namespace
}  // namespace rescind
