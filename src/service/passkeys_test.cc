#include "service/passkeys.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/testing/passkey_parts.h"

namespace rescind {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class PasskeysTest : public ::testing::Test, public PasskeysUnderTest {
 protected:
  std::vector<Event> events(EventType type) { return run(service.failing.list_events({.type = type})).value(); }
};

// --- registration ---

TEST_F(PasskeysTest, ARegistrationAnswersItsOwnChallengeOnce) {
  service.adopt("ada");
  const PasskeyChallenge challenge = begin_registration("ada").value();
  EXPECT_EQ(code_of(finish_registration("ada", challenge)), "ok");
  EXPECT_EQ(code_of(finish_registration("ada", challenge)), "invalid_challenge");
  const auto listed = run(passkeys.list(UserId{"ada"})).value();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].name, "phone");
  EXPECT_EQ(events(EventType::kPasskeyAdded).size(), 1u);
}

TEST_F(PasskeysTest, AWrongAnswerUsesTheChallengeUp) {
  service.adopt("ada");
  const PasskeyChallenge challenge = begin_registration("ada").value();
  const auto refused = finish_registration("ada", device.make_registration(challenge, "https://evil.example"));
  EXPECT_EQ(code_of(refused), "invalid_request");
  EXPECT_NE(refused.error().message.find("origin_not_allowed"), std::string::npos);
  EXPECT_EQ(code_of(finish_registration("ada", challenge)), "invalid_challenge");
}

TEST_F(PasskeysTest, AChallengeIsTheUsersOwn) {
  service.adopt("ada");
  service.adopt("eve");
  EXPECT_EQ(code_of(finish_registration("eve", begin_registration("ada").value())), "invalid_challenge");
}

TEST_F(PasskeysTest, TheSecondHalfOfAChallengeCountsToo) {
  service.adopt("ada");
  PasskeyChallenge challenge = begin_registration("ada").value();
  challenge.bytes[31] ^= 1;
  EXPECT_EQ(code_of(finish_registration("ada", challenge)), "invalid_challenge");
}

TEST_F(PasskeysTest, AChallengeLivesForFiveMinutes) {
  service.adopt("ada");
  const PasskeyChallenge first = begin_registration("ada").value();
  service.clock.advance(minutes(5) - std::chrono::milliseconds(1));
  EXPECT_EQ(code_of(finish_registration("ada", first)), "ok");
  const PasskeyChallenge second = begin_registration("ada").value();
  const PasskeyChallenge log_in = begin_log_in();
  service.clock.advance(minutes(5));
  EXPECT_EQ(code_of(finish_registration("ada", second)), "invalid_challenge");
  EXPECT_EQ(code_of(run(this->log_in(answer("ada", log_in, 2)))), "invalid_challenge");
}

TEST_F(PasskeysTest, ChallengesOfOneCeremonyAreNoneOfTheOthers) {
  add_passkey("ada");
  const PasskeyChallenge sign_up = begin_sign_up("ada@example.com").value();
  const PasskeyChallenge registration = begin_registration("ada").value();
  EXPECT_EQ(code_of(run(log_in(answer("ada", registration, 2)))), "invalid_challenge");
  EXPECT_EQ(code_of(run(log_in(answer("ada", sign_up, 2)))), "invalid_challenge");
  EXPECT_EQ(code_of(finish_registration("ada", begin_log_in())), "invalid_challenge");
  EXPECT_EQ(code_of(finish_registration("ada", sign_up)), "invalid_challenge");
  EXPECT_EQ(code_of(finish_sign_up("ada@example.com", begin_log_in())), "invalid_challenge");
  EXPECT_EQ(code_of(finish_sign_up("ada@example.com", registration)), "invalid_challenge");
}

TEST_F(PasskeysTest, WhoSignedInTooLongAgoAddsNone) {
  service.adopt("ada");
  EXPECT_EQ(code_of(run(passkeys.begin_registration(UserId{"ada"}, now() - minutes(15)))), "ok");
  EXPECT_EQ(code_of(run(passkeys.begin_registration(UserId{"ada"}, now() - minutes(15) - seconds(1)))),
            "reauthentication_required");
}

TEST_F(PasskeysTest, WhoSignedInTooLongAgoRemovesNone) {
  add_passkey("ada");
  const PasskeyId passkey = run(passkeys.list(UserId{"ada"})).value()[0].passkey.id;
  const auto remove = [&](WallTime authenticated_at) {
    return code_of(run(passkeys.remove_own(UserId{"ada"}, authenticated_at, passkey, actor("ada"))));
  };
  EXPECT_EQ(remove(now() - minutes(15) - seconds(1)), "reauthentication_required");
  EXPECT_EQ(run(passkeys.list(UserId{"ada"})).value().size(), 1u);
  EXPECT_EQ(remove(now() - minutes(15)), "ok");
}

TEST_F(PasskeysTest, ACredentialIsRegisteredOnce) {
  add_passkey("ada");
  service.adopt("eve");
  EXPECT_EQ(code_of(finish_registration("eve", begin_registration("eve").value())), "passkey_taken");
}

// --- log-in ---

TEST_F(PasskeysTest, ALogInSaysHowItWasDoneAndLeavesTraces) {
  add_passkey("ada");
  service.pass_time(seconds(10));
  const Result<TokenPair> pair = log_in("ada", 2);
  ASSERT_TRUE(pair.has_value());
  EXPECT_EQ(pair->session.amr, (std::vector<std::string>{"swk", "user", "mfa"}));
  EXPECT_TRUE(service.is_good(*pair));
  const auto listed = run(passkeys.list(UserId{"ada"})).value();
  EXPECT_EQ(listed[0].last_used_at, now());
  EXPECT_EQ(listed[0].passkey.sign_count, 2u);
  EXPECT_EQ(events(EventType::kLoginSucceeded).back().draft.detail, "passkey");
}

TEST_F(PasskeysTest, OptionsForALogInTouchNoStore) {
  const std::uint64_t calls = service.failing.calls();
  for (int i = 0; i < 1000; ++i) begin_log_in();
  ASSERT_TRUE(begin_sign_up("ada@example.com").has_value());
  EXPECT_EQ(service.failing.calls(), calls);
}

TEST_F(PasskeysTest, AnAnswerIsGoodOnceWithACounterAndWithout) {
  add_passkey("ada");
  const AuthenticationResponse counted = answer("ada", begin_log_in(), 2);
  EXPECT_EQ(code_of(run(log_in(counted))), "ok");
  EXPECT_EQ(code_of(run(log_in(counted))), "invalid_credentials");

  const testing::TestAuthenticator uncounting(Algorithm::kEs256, "another-credential");
  service.adopt("grace");
  auto data = uncounting.registration_data();
  data.sign_count = 0;
  const testing::ClientDataText made(PasskeyCeremony::kRegistration, begin_registration("grace").value());
  ASSERT_EQ(code_of(finish_registration("grace", uncounting.make_registration(made.text(), data.text()))), "ok");
  data = uncounting.assertion_data();
  data.sign_count = 0;
  const auto sign = [&] {
    const testing::ClientDataText asked(PasskeyCeremony::kSignIn, begin_log_in());
    return uncounting.make_assertion(asked.text(), data.text(), UserId{"grace"});
  };
  const AuthenticationResponse once = sign();
  EXPECT_EQ(code_of(run(log_in(once))), "ok");
  EXPECT_EQ(code_of(run(log_in(once))), "invalid_challenge");
  EXPECT_EQ(code_of(run(log_in(sign()))), "ok");
}

TEST_F(PasskeysTest, ARestartForgetsNoUsedChallenge) {
  add_passkey("ada");
  const AuthenticationResponse once = answer("ada", begin_log_in(), 0xffffffff);
  EXPECT_EQ(code_of(run(log_in(once))), "ok");
  service.pass_time(minutes(4));
  ASSERT_TRUE(run(service.revocations().purge()).has_value());
  EXPECT_NE(code_of(run(log_in(once))), "ok");
}

TEST_F(PasskeysTest, ACounterThatDoesNotGrowIsRefusedAndToldOf) {
  add_passkey("ada");
  EXPECT_EQ(code_of(log_in("ada", 5)), "ok");
  for (const std::uint32_t count : {5u, 4u, 0u}) EXPECT_EQ(code_of(log_in("ada", count)), "invalid_credentials") << count;
  const auto cloned = events(EventType::kPasskeyCloned);
  ASSERT_EQ(cloned.size(), 3u);
  EXPECT_EQ(cloned[0].draft.user, UserId{"ada"});
  EXPECT_EQ(code_of(log_in("ada", 6)), "ok");
}

TEST_F(PasskeysTest, WhoeverHasNoPasskeyIsToldNothing) {
  add_passkey("ada");
  const testing::TestAuthenticator unknown(Algorithm::kEs256, "unknown-credential");
  const PasskeyChallenge challenge = begin_log_in();
  const auto nobody = run(log_in(unknown.make_assertion(challenge, UserId{"ada"})));
  AuthenticationResponse forged = answer("ada", challenge, 2);
  forged.signature.back() ^= 1;
  const auto wrong = run(log_in(forged));
  EXPECT_EQ(code_of(nobody), "invalid_credentials");
  EXPECT_EQ(code_of(wrong), "invalid_credentials");
  EXPECT_EQ(nobody.error().message, wrong.error().message);
  EXPECT_EQ(code_of(run(log_in(answer("eve", challenge, 2)))), "invalid_credentials");  // another's handle
  EXPECT_EQ(code_of(run(log_in(answer("ada", challenge, 2)))), "ok") << "only a good answer uses it up";
  EXPECT_EQ(events(EventType::kLoginFailed).size(), 3u);
}

// What comes between the two steps of the store of one log-in.
TEST_F(PasskeysTest, APasskeyThatIsRemovedWhileItSignsInOpensNoSession) {
  add_passkey("ada");
  const User ada = *run(service.failing.find_user(UserId{"ada"})).value();
  const PasskeyId passkey = run(passkeys.list(ada.id)).value()[0].passkey.id;
  ASSERT_EQ(code_of(run(passkeys.remove(ada.id, passkey, actor("ada")))), "ok");
  Session session = service.parts->opener.start(ada.id, {"", "", "192.0.2.9"}, {"swk"});
  EventDraft event{EventType::kLoginSucceeded, ada.id, session.id, "192.0.2.9", now(), "passkey"};
  const auto pair = run(service.parts->opener.log_in(ada, CheckedPasskey{passkey}, std::move(session), std::move(event)));
  ASSERT_TRUE(pair.has_value());
  EXPECT_FALSE(*pair);
  EXPECT_EQ(events(EventType::kLoginSucceeded).size(), 0u);
}

TEST_F(PasskeysTest, ARightPasskeyThatIsRefusedIsAFailedLogInWithItsReason) {
  add_passkey("ada");
  ASSERT_TRUE(run(service.sessions().block_user(UserId{"ada"}, Block{}, actor("root"))).has_value());
  EXPECT_EQ(code_of(log_in("ada", 2)), "user_blocked");
  const auto failed = events(EventType::kLoginFailed);
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].draft.detail, "passkey: user_blocked");
  EXPECT_EQ(failed[0].draft.user, UserId{"ada"});
}

TEST_F(PasskeysTest, ABlockBetweenAnyTwoStepsMakesTheNextFail) {
  add_passkey("ada");
  const PasskeyChallenge registration = begin_registration("ada").value();
  const PasskeyChallenge challenge = begin_log_in();
  ASSERT_TRUE(run(service.sessions().block_user(UserId{"ada"}, Block{}, actor("root"))).has_value());
  EXPECT_EQ(code_of(finish_registration("ada", registration)), "invalid_challenge");
  EXPECT_EQ(code_of(run(log_in(answer("ada", challenge, 2)))), "user_blocked");
  ASSERT_TRUE(run(service.sessions().unblock_user(UserId{"ada"}, actor("root"))).has_value());
  EXPECT_EQ(code_of(log_in("ada", 3)), "ok");
}

TEST_F(PasskeysTest, ALogOutEverywhereVoidsARegistrationThatHasBegun) {
  service.adopt("ada");
  const PasskeyChallenge registration = begin_registration("ada").value();
  ASSERT_TRUE(run(service.sessions().log_out_all(UserId{"ada"}, std::nullopt, actor("ada"))).has_value());
  EXPECT_EQ(code_of(finish_registration("ada", registration)), "invalid_challenge");
}

// --- limits ---

struct PasskeyLimits : PasskeysTest {
  PasskeyLimits()
      : tight(ServicePolicy{
            .session = {.max_per_user = 1, .at_limit = SessionPolicy::AtLimit::kReject},
            .log_in = {.pair = {}, .account = {}, .address = {.free_attempts = 3}, .sign_up = {.free_attempts = 3}}}) {}
  PasskeysUnderTest tight;
};

TEST_F(PasskeyLimits, OneAddressFailsAFewTimesAndThenWaits) {
  tight.add_passkey("ada");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(code_of(tight.log_in("ada", 0)), "invalid_credentials");
  EXPECT_EQ(code_of(tight.log_in("ada", 2)), "too_many_attempts");
  EXPECT_EQ(code_of(run(tight.log_in(tight.answer("ada", tight.begin_log_in(), 2), "198.51.100.1"))), "session_limit");
}

TEST_F(PasskeyLimits, OneAddressMakesAFewAccountsAndThenWaits) {
  const auto sign_up = [&](int number) {
    const std::string email = "user" + std::to_string(number) + "@example.com";
    tight.device = testing::TestAuthenticator(Algorithm::kEs256, "credential-number-" + std::to_string(number));
    return code_of(tight.finish_sign_up(email, tight.begin_sign_up(email).value()));
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(sign_up(i), "ok");
  EXPECT_EQ(sign_up(3), "too_many_attempts");
}

// --- sign-up, removal ---

TEST_F(PasskeysTest, ASignUpIsForTheAddressThatItsOptionsWereFor) {
  const PasskeyChallenge challenge = begin_sign_up("Ada@Example.com").value();
  EXPECT_EQ(code_of(finish_sign_up("eve@example.com", challenge)), "invalid_challenge");
  const Result<SignedUp> made = finish_sign_up("ada@example.com", challenge);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->user.password_hash, "");
  EXPECT_EQ(code_of(finish_sign_up("ada@example.com", challenge)), "email_taken");
  EXPECT_EQ(code_of(log_in(made->user.id.text, 2)), "ok");
  EXPECT_EQ(code_of(begin_sign_up("ada")), "invalid_request");
}

TEST(PasskeysVerifiedOnly, APasskeySignsInToNoAddressThatNobodyHasVerified) {
  PasskeysUnderTest world({.email_rule = EmailRule::kVerifiedOnly});
  const SignedUp ada = world.finish_sign_up("ada@example.com", world.begin_sign_up("ada@example.com").value()).value();
  EXPECT_FALSE(ada.pair);
  EXPECT_TRUE(run(world.service.failing.list_sessions(ada.user.id))->empty());
  EXPECT_EQ(code_of(world.log_in(ada.user.id.text, 2)), "email_not_verified");
  Secret token = world.service.parts->outbox.last_token();
  ASSERT_TRUE(run(world.service.parts->verification.verify(std::move(token), "192.0.2.7")));
  EXPECT_EQ(code_of(world.log_in(ada.user.id.text, 3)), "ok");
}

TEST_F(PasskeysTest, NoPasswordSignsInToAnAccountThatHasNone) {
  ASSERT_TRUE(finish_sign_up("ada@example.com", begin_sign_up("ada@example.com").value()).has_value());
  for (const char* password : {"", "correct horse"}) {
    LogIn request{"ada@example.com", Secret(password), {"", "", "192.0.2.9"}};
    EXPECT_EQ(code_of(run(service.sessions().log_in(std::move(request)))), "invalid_credentials");
  }
}

TEST_F(PasskeysTest, TheOnlyWayInIsNotRemoved) {
  const SignedUp ada = finish_sign_up("ada@example.com", begin_sign_up("ada@example.com").value()).value();
  const PasskeyId only = run(passkeys.list(ada.user.id)).value()[0].passkey.id;
  EXPECT_EQ(code_of(run(passkeys.remove(ada.user.id, only, actor(ada.user.id.text)))), "last_credential");
  device = testing::TestAuthenticator(Algorithm::kEs256, "another-credential");
  const std::string user = ada.user.id.text;
  ASSERT_EQ(code_of(finish_registration(user, begin_registration(user).value())), "ok");
  EXPECT_EQ(code_of(run(passkeys.remove(ada.user.id, only, actor(user)))), "ok");
  EXPECT_EQ(code_of(run(passkeys.remove(ada.user.id, only, actor(user)))), "not_found");
  EXPECT_EQ(events(EventType::kPasskeyRemoved).size(), 1u);
}

TEST_F(PasskeysTest, SomebodyElsesPasskeyIsOneThatIsNotThere) {
  add_passkey("ada");
  const PasskeyId hers = run(passkeys.list(UserId{"ada"})).value()[0].passkey.id;
  EXPECT_EQ(code_of(run(passkeys.rename(UserId{"eve"}, hers, "mine"))), "not_found");
  EXPECT_EQ(code_of(run(passkeys.remove(UserId{"eve"}, hers, actor("eve")))), "not_found");
  EXPECT_EQ(code_of(run(passkeys.rename(UserId{"ada"}, hers, "blue"))), "ok");
  EXPECT_EQ(run(passkeys.list(UserId{"ada"})).value()[0].name, "blue");
}

// --- a store that fails ---

TEST(PasskeyStoreFailure, AtEveryCallOfALogInIsAnsweredWithTryAgainAndAFreshChallengeThenSignsIn) {
  for (const FailureSide side : {FailureSide::kBefore, FailureSide::kAfter}) {
    for (std::uint64_t nth = 1;; ++nth) {
      ASSERT_LT(nth, 20u);
      PasskeysUnderTest world;
      world.add_passkey("ada");
      const std::uint64_t calls = world.service.failing.calls();
      world.service.failing.fail_call(nth, side);
      const std::string failed = code_of(world.log_in("ada", 2));
      if (world.service.failing.calls() - calls < nth) break;
      EXPECT_EQ(failed, "store_unavailable") << nth;
      EXPECT_EQ(code_of(world.log_in("ada", 3)), "ok") << nth;
    }
  }
}

TEST(PasskeyStoreFailure, ASignUpWhoseAnswerWasLostIsThereWhole) {
  PasskeysUnderTest world;
  const PasskeyChallenge challenge = world.begin_sign_up("ada@example.com").value();
  world.service.failing.fail_call(2, FailureSide::kAfter);
  EXPECT_EQ(code_of(world.finish_sign_up("ada@example.com", challenge)), "store_unavailable");
  const auto user = run(world.service.failing.find_user_by_email(EmailKey{"ada@example.com"})).value();
  ASSERT_TRUE(user.has_value());
  EXPECT_EQ(code_of(world.log_in(user->id.text, 2)), "ok");
}

}  // namespace
}  // namespace rescind
