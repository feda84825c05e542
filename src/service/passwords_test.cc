#include <gtest/gtest.h>

#include "tests/testing/race_tally.h"
#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

constexpr const char* kEmail = "ada@example.com";
constexpr const char* kOld = "correct horse";
constexpr const char* kNew = "battery staple";

TokenPair sign_up(ServiceUnderTest& service, const std::string& email = kEmail) {
  auto signed_up = run(service.sessions().sign_up({email, Secret(kOld), "Ada", {"device", "agent", "192.0.2.7"}}));
  return std::move(signed_up).value().pair.value();
}

Result<TokenPair> log_in(ServiceUnderTest& service, const std::string& password) {
  return run(service.sessions().log_in({kEmail, Secret(password), {"device", "agent", "192.0.2.7"}}));
}

Result<SignOutEverywhere> change(ServiceUnderTest& service, const TokenPair& by, const std::string& current,
                                 const std::string& fresh = kNew) {
  return run(service.passwords().change({by.user.id, by.session.id, Secret(current), Secret(fresh), "192.0.2.7"}));
}

std::size_t count_events(ServiceUnderTest& service, EventType type) {
  EventFilter filter;
  filter.type = type;
  return run(service.failing.list_events(filter))->size();
}

TEST(ChangePassword, SignsOutEveryOtherSessionAndGivesThisOneAFreshPair) {
  ServiceUnderTest service;
  const TokenPair here = sign_up(service);
  const TokenPair elsewhere = std::move(log_in(service, kOld)).value();
  const auto changed = change(service, here, kOld);
  ASSERT_TRUE(changed && changed->pair);
  EXPECT_TRUE(service.is_good(*changed->pair));
  for (const TokenPair& old : {here, elsewhere}) EXPECT_EQ(service.refusal(old), ErrorCode::kTokenRevoked);
  EXPECT_FALSE(service.refresh(elsewhere));
  EXPECT_TRUE(service.refresh(*changed->pair));
  EXPECT_EQ(log_in(service, kOld).error().code, ErrorCode::kInvalidCredentials);
  EXPECT_TRUE(log_in(service, kNew));
  EXPECT_EQ(count_events(service, EventType::kPasswordChanged), 1U);
}

TEST(ChangePassword, WithAWrongCurrentOneChangesNothingAndCountsAsALogInAttempt) {
  ServiceUnderTest service({.log_in = {.pair = {.free_attempts = 3}}});
  const TokenPair pair = sign_up(service);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(change(service, pair, "wrong horse").error().code, ErrorCode::kInvalidCredentials);
  EXPECT_EQ(change(service, pair, kOld).error().code, ErrorCode::kTooManyAttempts);
  EXPECT_EQ(log_in(service, kOld).error().code, ErrorCode::kTooManyAttempts);
  EXPECT_TRUE(service.is_good(pair));
  EXPECT_EQ(count_events(service, EventType::kLoginFailed), 3U);
  service.pass_time(std::chrono::hours(1));
  EXPECT_TRUE(log_in(service, kOld));
}

TEST(ChangePassword, ToOneOfAWrongLengthIsRefusedBeforeTheCurrentOneIsLookedAt) {
  ServiceUnderTest service;
  const TokenPair pair = sign_up(service);
  for (const std::size_t length : {std::size_t{0}, std::size_t{7}, std::size_t{1025}}) {
    EXPECT_EQ(change(service, pair, "wrong horse", std::string(length, 'x')).error().code, ErrorCode::kInvalidRequest)
        << length;
  }
  EXPECT_TRUE(change(service, pair, kOld, std::string(1024, 'x')));
}

TEST(ChangePassword, OfAUserWithoutOneIsAWrongPassword) {
  ServiceUnderTest service;
  const TokenPair pair = service.adopt("ada");
  for (const char* current : {"", kOld}) {
    EXPECT_EQ(change(service, pair, current).error().code, ErrorCode::kInvalidCredentials);
  }
  EXPECT_TRUE(service.is_good(pair));
}

TEST(ChangePassword, OfABlockedUserGivesNoSession) {
  ServiceUnderTest service;
  const TokenPair pair = sign_up(service);
  ASSERT_TRUE(run(service.sessions().block_user(pair.user.id, Block{}, {"192.0.2.1", std::nullopt})));
  const auto changed = change(service, pair, kOld);
  EXPECT_TRUE(!changed || !changed->pair);
  EXPECT_EQ(log_in(service, kNew).error().code, changed ? ErrorCode::kUserBlocked : ErrorCode::kInvalidCredentials);
}

TEST(ChangePassword, TwiceAtOnceIsDoneOnce) {
  ServiceUnderTest service;
  const TokenPair pair = sign_up(service);
  std::vector<Task<Result<SignOutEverywhere>>> tasks;
  for (const char* fresh : {"first of two", "second of two"}) {
    tasks.push_back(service.passwords().change({pair.user.id, pair.session.id, Secret(kOld), Secret(fresh), "192.0.2.7"}));
  }
  const auto outcomes = run_all(std::move(tasks), 1);
  EXPECT_EQ(outcomes[0].has_value() + outcomes[1].has_value(), 1);
}

void ask_reset(ServiceUnderTest& service, const std::string& email = kEmail) {
  ASSERT_TRUE(run(service.passwords().ask_reset(email, "192.0.2.7")));
}

Result<void> reset(ServiceUnderTest& service, Secret token, const std::string& fresh = kNew) {
  return run(service.passwords().reset(std::move(token), Secret(fresh), "192.0.2.7"));
}

// The token of a mail that was just asked for.
Secret reset_token(ServiceUnderTest& service) {
  const std::size_t before = service.parts->outbox.count();
  ask_reset(service);
  EXPECT_EQ(service.parts->outbox.count(), before + 1);
  return service.parts->outbox.last_token();
}

TEST(ResetPassword, SignsOutEverywhereAndTheNewPasswordIsGood) {
  ServiceUnderTest service;
  const TokenPair pair = sign_up(service);
  ASSERT_TRUE(reset(service, reset_token(service)));
  EXPECT_EQ(service.refusal(pair), ErrorCode::kTokenRevoked);
  EXPECT_FALSE(service.refresh(pair));
  EXPECT_EQ(log_in(service, kOld).error().code, ErrorCode::kInvalidCredentials);
  EXPECT_TRUE(log_in(service, kNew));
  EXPECT_EQ(count_events(service, EventType::kPasswordResetAsked), 1U);
  EXPECT_EQ(count_events(service, EventType::kPasswordReset), 1U);
}

TEST(ResetPassword, LetsTheOwnerInWhereItWasDoneHoweverManyGuessElsewhere) {
  ServiceUnderTest service;
  sign_up(service);
  const auto log_in_from = [&](std::string password, std::string address) {
    return run(
        service.sessions().log_in({"ada@example.com", Secret(std::move(password)), {"device", "agent", std::move(address)}}));
  };
  const auto guess = [&](int i) { return log_in_from("wrong horse", "198.51.100." + std::to_string(i)).error().code; };
  for (int i = 0; i < 60; ++i) guess(i);
  ASSERT_EQ(guess(61), ErrorCode::kTooManyAttempts);
  ASSERT_EQ(log_in_from(kOld, "203.0.113.7").error().code, ErrorCode::kTooManyAttempts) << "a new address is a stranger's";
  const Secret token = reset_token(service);
  ASSERT_TRUE(run(service.passwords().reset(token, Secret(kNew), "203.0.113.7")));
  for (int i = 0; i < 60; ++i) guess(i);
  ASSERT_EQ(guess(61), ErrorCode::kTooManyAttempts) << "he goes on";
  EXPECT_TRUE(log_in_from(kNew, "203.0.113.7"));
}

TEST(ResetPassword, ProvesTheAddressOnceAndForAll) {
  ServiceUnderTest service({.email_rule = EmailRule::kVerifiedOnly});
  SignUp request{kEmail, Secret(kOld), "Ada", {"device", "agent", "192.0.2.7"}};
  const UserId user = run(service.sessions().sign_up(std::move(request)))->user.id;
  EXPECT_EQ(log_in(service, kOld).error().code, ErrorCode::kEmailNotVerified);
  ASSERT_TRUE(reset(service, reset_token(service)));
  EXPECT_TRUE(log_in(service, kNew));
  EXPECT_EQ(run(service.failing.find_user(user)).value()->email_verified_at, service.clock.wall_now());
  EXPECT_EQ(count_events(service, EventType::kEmailVerified), 1U);
  ASSERT_TRUE(reset(service, reset_token(service), "a third one"));
  EXPECT_EQ(count_events(service, EventType::kEmailVerified), 1U);
}

TEST(ResetPassword, ALinkIsGoodOnce) {
  ServiceUnderTest service;
  sign_up(service);
  const Secret token = reset_token(service);
  ASSERT_TRUE(reset(service, token));
  EXPECT_EQ(reset(service, token, "a third one").error().code, ErrorCode::kInvalidLink);
  EXPECT_TRUE(log_in(service, kNew));
}

TEST(ResetPassword, ALinkIsGoodFor30MinutesAndNotAMomentLonger) {
  ServiceUnderTest service;
  sign_up(service);
  const Secret first = reset_token(service);
  service.pass_time(kResetLinkLifetime - std::chrono::milliseconds(1));
  EXPECT_TRUE(reset(service, first));
  const Secret second = reset_token(service);
  service.pass_time(kResetLinkLifetime);
  EXPECT_EQ(reset(service, second).error().code, ErrorCode::kInvalidLink);
}

// The store keeps a digest: the challenge's id is not enough, and neither is the token of another purpose.
TEST(ResetPassword, NothingButTheWholeTokenIsTaken) {
  ServiceUnderTest service;
  sign_up(service);
  const std::string token(reset_token(service).reveal());
  std::vector<std::string> others = {"",
                                     "pr1.",
                                     token.substr(4),
                                     "ev1." + token.substr(4),
                                     token + "A",
                                     token.substr(0, token.size() - 1),
                                     token.substr(0, 26),
                                     "pr1." + std::string(64, 'A')};
  for (std::size_t i = 4; i < token.size(); i += 7) {
    others.push_back(token);
    others.back()[i] = token[i] == 'A' ? 'B' : 'A';
  }
  for (const std::string& other : others) {
    EXPECT_EQ(reset(service, Secret(other)).error().code, ErrorCode::kInvalidLink) << other;
  }
  EXPECT_TRUE(reset(service, Secret(token))) << "and none of them has used it up";
}

TEST(ResetPassword, ALinkIsVoidOnceThePasswordIsChangedTheUserSignedOutEverywhereOrReset) {
  ServiceUnderTest service;
  TokenPair pair = sign_up(service);
  const Secret before_change = reset_token(service);
  pair = *change(service, pair, kOld, "another one")->pair;
  EXPECT_EQ(reset(service, before_change).error().code, ErrorCode::kInvalidLink);

  const Secret before_sign_out = reset_token(service);
  ASSERT_TRUE(run(service.sessions().log_out_all(pair.user.id, std::nullopt, {"192.0.2.7", pair.user.id})));
  EXPECT_EQ(reset(service, before_sign_out).error().code, ErrorCode::kInvalidLink);

  service.pass_time(std::chrono::hours(2));
  const Secret one = reset_token(service);
  const Secret other = reset_token(service);
  EXPECT_TRUE(reset(service, one));
  EXPECT_EQ(reset(service, other).error().code, ErrorCode::kInvalidLink);
}

TEST(ResetPassword, ABlockVoidsTheLinkAndABlockedUserGetsNone) {
  ServiceUnderTest service;
  const TokenPair pair = sign_up(service);
  const Secret token = reset_token(service);
  ASSERT_TRUE(run(service.sessions().block_user(pair.user.id, Block{}, {"192.0.2.1", std::nullopt})));
  EXPECT_EQ(reset(service, token).error().code, ErrorCode::kInvalidLink);
  ask_reset(service);
  EXPECT_EQ(service.parts->outbox.count(), 1U);
  EXPECT_EQ(log_in(service, kOld).error().code, ErrorCode::kUserBlocked);
  ASSERT_TRUE(run(service.sessions().unblock_user(pair.user.id, {"192.0.2.1", std::nullopt})));
  EXPECT_EQ(reset(service, token).error().code, ErrorCode::kInvalidLink);
}

TEST(ResetPassword, AWrongLengthIsRefusedAndTheLinkStaysGood) {
  ServiceUnderTest service;
  sign_up(service);
  const Secret token = reset_token(service);
  EXPECT_EQ(reset(service, token, "short").error().code, ErrorCode::kInvalidRequest);
  EXPECT_TRUE(reset(service, token));
}

TEST(AskReset, OfNobodyIsAnsweredAlikeAndSendsNothing) {
  ServiceUnderTest service;
  sign_up(service);
  for (const char* email : {"nobody@example.com", "no address", "ada@example.com\r\nBcc: eve@example.com"})
    ask_reset(service, email);
  EXPECT_EQ(service.parts->outbox.count(), 0U);
  ask_reset(service, "ADA@Example.com");
  EXPECT_EQ(service.parts->outbox.last().to.text(), kEmail);
}

TEST(AskReset, IsNoMailBombAndNeverDelaysALogIn) {
  ServiceUnderTest service;
  sign_up(service);
  for (int i = 0; i < 20; ++i) ask_reset(service);
  EXPECT_EQ(service.parts->outbox.count(), 3U);
  EXPECT_TRUE(log_in(service, kOld));
  service.pass_time(std::chrono::seconds(61));
  ask_reset(service);
  EXPECT_EQ(service.parts->outbox.count(), 4U);
}

TEST(AskReset, FromOneAddressIsLimitedWhoeverItIsFor) {
  ServiceUnderTest service({.log_in = {.mail_by_address = {.free_attempts = 2}}});
  for (const char* email : {"a@example.com", "b@example.com"}) ask_reset(service, email);
  const auto refused = run(service.passwords().ask_reset("c@example.com", "192.0.2.7"));
  EXPECT_EQ(refused.error().code, ErrorCode::kTooManyAttempts);
  EXPECT_TRUE(run(service.passwords().ask_reset("c@example.com", "192.0.2.8")));
}

TEST(SignUpLimit, CountsByAddressAndForgets) {
  ServiceUnderTest service({.log_in = {.sign_up = {.free_attempts = 2, .memory = std::chrono::hours(1)}}});
  auto up = [&](const std::string& email, const std::string& address) {
    return run(service.sessions().sign_up({email, Secret(kOld), "", {"device", "agent", address}}));
  };
  EXPECT_TRUE(up("a@example.com", "192.0.2.7"));
  EXPECT_TRUE(up("b@example.com", "192.0.2.7"));
  EXPECT_EQ(up("c@example.com", "192.0.2.7").error().code, ErrorCode::kTooManyAttempts);
  EXPECT_TRUE(up("c@example.com", "192.0.2.8"));
  service.pass_time(std::chrono::hours(1));
  EXPECT_TRUE(up("d@example.com", "192.0.2.7"));
  EXPECT_TRUE(up("e@example.com", "192.0.2.7"));
}

// One link twice at once: both have read it as good before either uses it up.
void use_links_twice(ServiceUnderTest& service, std::string_view store) {
  sign_up(service);
  RaceTally tally("one reset token", store);
  for (int i = 0; i < kRaceRounds; ++i) {
    const Secret token = reset_token(service);
    std::vector<Task<Result<void>>> tasks;
    for (const char* fresh : {"first of two", "second of two"}) {
      tasks.push_back(service.passwords().reset(token, Secret(fresh), "192.0.2.7"));
    }
    const auto outcomes = run_all(std::move(tasks), 2);
    const int wins = outcomes[0].has_value() + outcomes[1].has_value();
    tally.count_round(wins == 1 ? "" : std::to_string(wins) + " of two were good");
  }
}

const ServicePolicy kNoMailLimits{
    .log_in = {.mail_by_address = {.free_attempts = 1'000'000}, .mail_to_account = {.free_attempts = 1'000'000}}};

TEST(ResetLinkRace, OneLinkTwiceAtOnceIsGoodOnceInTheMemoryStore) {
  ServiceUnderTest service(kNoMailLimits);
  use_links_twice(service, "memory");
}

TEST(ResetLinkRace, OneLinkTwiceAtOnceIsGoodOnceInTheEmbeddedStore) {
  const TemporaryDirectory directory;
  ServiceUnderTest service(kNoMailLimits, open_sqlite_store(directory));
  use_links_twice(service, "sqlite");
}

}  // namespace
}  // namespace rescind
