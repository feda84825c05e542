// Accounts beside their sessions: blocks, limits, passwords, challenges, attempts, API keys, deletion.
#include <set>

#include "tests/store_contract/store_contract.h"

namespace rescind {
namespace {

using std::chrono::seconds;

const AttemptLimit kLimit{.free_attempts = 2, .first_wait = seconds(4), .longest_wait = seconds(60), .memory = seconds(1000)};

AttemptBucket bucket(std::uint8_t number) {
  AttemptBucket made;
  made.bytes.fill(number);
  return made;
}

CreateSession limited(std::uint64_t number, SessionPolicy::AtLimit at_limit, std::int64_t created = kTestNow) {
  CreateSession change = make_creation(make_session(number, "alice", created));
  change.limit = {2, at_limit, seconds(1000), "https://issuer", seconds(900)};
  return change;
}

ChallengeId challenge_id(std::uint8_t number) {
  ChallengeId id;
  id.bytes.fill(number);
  return id;
}

Challenge make_challenge(std::uint8_t number, const std::string& user = "alice") {
  Challenge challenge{challenge_id(number), ChallengePurpose::kResetPassword, UserId{user}, 1, {}, wall(kTestNow + 100)};
  challenge.secret_digest.fill(number);
  return challenge;
}

RaiseTokenVersion password_change(std::variant<std::string, ChallengeId> entitled_by, const std::string& hash = "new hash") {
  RaiseTokenVersion change = make_version_raise("alice", std::nullopt, kTestNow + 50);
  change.password = NewPassword{hash, std::move(entitled_by)};
  return change;
}

RaiseTokenVersion email_change(const std::string& user, const std::string& email, std::optional<ChallengeId> entitled_by) {
  RaiseTokenVersion change = make_version_raise(user, std::nullopt, kTestNow + 50);
  change.email = NewEmail{"<" + email + ">", EmailKey{email}, entitled_by, wall(kTestNow + 50)};
  change.others = OtherSessions::kStaySignedIn;
  return change;
}

Challenge make_change_challenge(std::uint8_t number, const std::string& user = "alice") {
  Challenge challenge = make_challenge(number, user);
  challenge.purpose = ChallengePurpose::kChangeEmail;
  return challenge;
}

ApiKey make_api_key(std::uint8_t number) {
  ApiKey key{{}, "billing", {"sessions:read", "feed"}, {}, wall(kTestNow), std::nullopt};
  key.id.bytes.fill(number);
  key.secret_digest.fill(number);
  return key;
}

// --- block ---

TEST_P(StoreContract, BlockingEndsTheSessionsAndLetsNoNewOneIn) {
  add_user("alice", 1);
  RaiseTokenVersion change = make_version_raise("alice");
  change.block = Block{wall(kTestNow + 500), "chargeback"};
  ok(store().raise_token_version(change));
  reopen();
  EXPECT_EQ(ok(store().find_user(UserId{"alice"}))->block, change.block);
  EXPECT_TRUE(load_session(1).session.ended);

  const auto refused = ok(store().create_session(make_creation(make_session(2, "alice", kTestNow + 499))));
  ASSERT_TRUE(std::holds_alternative<UserIsBlocked>(refused));
  EXPECT_EQ(std::get<UserIsBlocked>(refused).block.reason, "chargeback");
  EXPECT_FALSE(ok(store().find_session(session_id(2))));
  const auto after = ok(store().create_session(make_creation(make_session(3, "alice", kTestNow + 500))));
  EXPECT_TRUE(std::holds_alternative<SessionCreated>(after));
}

TEST_P(StoreContract, ABlockWithoutEndHoldsUntilItIsLifted) {
  add_user("alice", 1);
  RaiseTokenVersion change = make_version_raise("alice");
  change.block = Block{};
  ok(store().raise_token_version(change));
  const auto refused = ok(store().create_session(make_creation(make_session(2, "alice", kTestNow + 1'000'000'000))));
  EXPECT_TRUE(std::holds_alternative<UserIsBlocked>(refused));
  const auto lifted =
      ok(store().change_user(UserId{"alice"}, {.block = BlockChange::kLift}, make_event(EventType::kUserUnblocked, "alice")));
  EXPECT_FALSE(std::get<User>(lifted).block);
  EXPECT_EQ(all_events().back().draft.type, EventType::kUserUnblocked);
  EXPECT_EQ(add_session(3, "alice").user.token_version, 2);
}

TEST_P(StoreContract, ALogInThatRacesWithABlockLeavesNoLiveSession) {
  for (std::uint64_t round = 0; round < 40; ++round) {
    const std::string user = "user" + std::to_string(round);
    add_user(user, round * 10);
    RaiseTokenVersion change = make_version_raise(user);
    change.block = Block{};
    Result<RaiseTokenVersionOutcome> blocked = fail(ErrorCode::kInternal, "not run");
    {
      std::jthread other([&] { blocked = run(store().raise_token_version(change)); });
      for (std::uint64_t i = 1; i < 8; ++i) ok(store().create_session(make_creation(make_session(round * 10 + i, user))));
    }
    ASSERT_TRUE(blocked.has_value());
    EXPECT_TRUE(ok(store().list_sessions(UserId{user})).empty());
  }
}

// --- limit of sessions ---

TEST_P(StoreContract, AtTheLimitTheOldestSessionIsEvictedAndRevoked) {
  for (std::uint64_t i = 1; i <= 2; ++i) {
    ok(store().create_session(limited(i, SessionPolicy::AtLimit::kEvict, kTestNow + static_cast<std::int64_t>(i))));
  }
  const auto outcome = ok(store().create_session(limited(3, SessionPolicy::AtLimit::kEvict, kTestNow + 3)));
  const auto& created = std::get<SessionCreated>(outcome);
  ASSERT_EQ(created.evicted.size(), 1u);
  EXPECT_EQ(created.evicted[0].key, session_key("https://issuer", session_id(1).text()));
  EXPECT_EQ(created.evicted[0].expires, at_second(kTestNow + 3 + 900));
  EXPECT_EQ(all_revocations(), created.evicted);
  EXPECT_EQ(load_session(1).session.ended->reason, EndReason::kEvicted);
  EXPECT_FALSE(load_session(2).session.ended);
  EXPECT_FALSE(load_session(3).session.ended);
}

TEST_P(StoreContract, MoreEvictionsThanMayHaveARevocationEachRaiseTheVersionAndTheNewSessionIsGood) {
  for (std::uint64_t i = 1; i <= 4; ++i) add_session(i, "alice", kTestNow + static_cast<std::int64_t>(i));
  CreateSession change = limited(5, SessionPolicy::AtLimit::kEvict, kTestNow + 5);
  change.limit.most_revocations = 2;  // three have to go
  const auto created = std::get<SessionCreated>(ok(store().create_session(change)));
  EXPECT_EQ(created.subject.user.token_version, 2);
  EXPECT_EQ(load_session(5).user.token_version, 2);
  ASSERT_EQ(created.evicted.size(), 1u);
  EXPECT_EQ(created.evicted[0].key, user_key("https://issuer", "alice"));
  EXPECT_EQ(created.evicted[0].value, 2);
  EXPECT_EQ(created.evicted[0].expires, at_second(kTestNow + 5 + 900));
  EXPECT_EQ(all_revocations(), created.evicted);
  for (std::uint64_t i = 1; i <= 3; ++i) EXPECT_EQ(load_session(i).session.ended->reason, EndReason::kEvicted);
  EXPECT_FALSE(load_session(4).session.ended) << "it has to refresh, and no more";

  change = limited(6, SessionPolicy::AtLimit::kEvict, kTestNow + 6);
  change.limit.most_revocations = 1;
  EXPECT_EQ(std::get<SessionCreated>(ok(store().create_session(change))).evicted[0].kind, RevocationKind::kSession);
  EXPECT_EQ(load_session(6).user.token_version, 2);
}

TEST_P(StoreContract, AtTheLimitANewSessionCanBeRejected) {
  for (std::uint64_t i = 1; i <= 2; ++i) ok(store().create_session(limited(i, SessionPolicy::AtLimit::kReject)));
  const std::size_t events = all_events().size();
  EXPECT_TRUE(
      std::holds_alternative<SessionLimitReached>(ok(store().create_session(limited(3, SessionPolicy::AtLimit::kReject)))));
  EXPECT_FALSE(ok(store().find_session(session_id(3))));
  EXPECT_EQ(all_events().size(), events);
  ok(store().revoke_session(make_session_revocation(1)));
  EXPECT_TRUE(std::holds_alternative<SessionCreated>(ok(store().create_session(limited(4, SessionPolicy::AtLimit::kReject)))));
}

TEST_P(StoreContract, IdleAndExpiredSessionsTakeNoPlace) {
  CreateSession expired = limited(1, SessionPolicy::AtLimit::kReject);
  expired.session.expires_at = wall(kTestNow + 999);
  ok(store().create_session(expired));
  ok(store().create_session(limited(2, SessionPolicy::AtLimit::kReject, kTestNow - 1)));  // idle since kTestNow + 999
  const auto third = ok(store().create_session(limited(3, SessionPolicy::AtLimit::kReject, kTestNow + 999)));
  EXPECT_TRUE(std::holds_alternative<SessionCreated>(third));
  EXPECT_FALSE(load_session(1).session.ended);
}

TEST_P(StoreContract, ParallelLogInsNeverExceedTheLimit) {
  for (const auto at_limit : {SessionPolicy::AtLimit::kReject, SessionPolicy::AtLimit::kEvict}) {
    std::vector<Task<Result<CreateSessionOutcome>>> tasks;
    const std::uint64_t first = at_limit == SessionPolicy::AtLimit::kReject ? 0 : 100;
    for (std::uint64_t i = 0; i < 32; ++i) tasks.push_back(store().create_session(limited(first + i, at_limit)));
    for (const auto& outcome : run_all(std::move(tasks), 4)) ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(ok(store().list_sessions(UserId{"alice"})).size(), 2u);
  }
}

// --- passwords ---

TEST_P(StoreContract, ANewPasswordNeedsTheCurrentHash) {
  add_user("alice", 1);
  EXPECT_TRUE(std::holds_alternative<NotEntitled>(ok(store().raise_token_version(password_change("another hash")))));
  EXPECT_EQ(ok(store().find_user(UserId{"alice"})).value(), make_user("alice"));
  EXPECT_FALSE(load_session(1).session.ended);
  EXPECT_TRUE(all_revocations().empty());

  const auto changed = ok(store().raise_token_version(password_change(make_user("alice").password_hash)));
  EXPECT_EQ(std::get<TokenVersionRaised>(changed).user.password_hash, "new hash");
  reopen();
  EXPECT_EQ(ok(store().find_user(UserId{"alice"}))->password_hash, "new hash");
  EXPECT_TRUE(load_session(1).session.ended);
}

// The password was right when somebody looked at it, and is not any more.
TEST_P(StoreContract, NoSessionBeginsByThePasswordBefore) {
  add_user("alice", 1);
  CreateSession change = make_creation(make_session(2, "alice"), MissingUser::kRefuse);
  change.credential = CheckedPassword{make_user("alice").password_hash};
  EXPECT_TRUE(std::holds_alternative<SessionCreated>(ok(store().create_session(change))));
  ok(store().raise_token_version(make_version_raise("alice")));  // no reason to refuse: the password is the same
  change.session = make_session(3, "alice");
  EXPECT_TRUE(std::holds_alternative<SessionCreated>(ok(store().create_session(change))));

  ok(store().raise_token_version(password_change(make_user("alice").password_hash)));
  const std::size_t events = all_events().size();
  change.session = make_session(4, "alice");
  EXPECT_TRUE(std::holds_alternative<CredentialReplaced>(ok(store().create_session(change))));
  EXPECT_FALSE(ok(store().find_session(session_id(4))));
  EXPECT_EQ(all_events().size(), events);
  // A block is told to nobody who does not know the password.
  RaiseTokenVersion block = make_version_raise("alice");
  block.block = Block{};
  ok(store().raise_token_version(block));
  EXPECT_TRUE(std::holds_alternative<CredentialReplaced>(ok(store().create_session(change))));
  change.credential = CheckedPassword{"new hash"};
  EXPECT_TRUE(std::holds_alternative<UserIsBlocked>(ok(store().create_session(change))));
}

TEST_P(StoreContract, AResetOfAnUnverifiedAddressVerifiesItAndTakesThePasskeysAway) {
  add_user("alice", 1);
  add_user("bob", 2);
  for (const std::uint8_t number : {1, 2}) add_passkey(make_passkey(number));
  add_passkey(make_passkey(3, "bob"));
  ok(store().create_challenge(make_challenge(1)));
  const std::size_t events = all_events().size();
  const auto raised = std::get<TokenVersionRaised>(ok(store().raise_token_version(password_change(challenge_id(1)))));
  EXPECT_EQ(raised.user.email_verified_at, wall(kTestNow + 50));
  reopen();
  EXPECT_EQ(ok(store().find_user(UserId{"alice"}))->email_verified_at, wall(kTestNow + 50));
  EXPECT_TRUE(ok(store().list_passkeys(UserId{"alice"})).empty());
  EXPECT_EQ(ok(store().list_passkeys(UserId{"bob"})).size(), 1u);
  const auto all = all_events();
  ASSERT_EQ(all.size(), events + 4);
  EXPECT_EQ(all[events + 1].draft.type, EventType::kEmailVerified);
  for (const std::size_t at : {events + 2, events + 3}) {
    EXPECT_EQ(all[at].draft.type, EventType::kPasskeyRemoved);
    EXPECT_EQ(all[at].draft.user, UserId{"alice"});
  }
}

TEST_P(StoreContract, ANewPasswordOfAVerifiedUserOrByTheOneBeforeLeavesThePasskeys) {
  add_user("alice", 1);
  add_passkey(make_passkey(1));
  const auto changed = ok(store().raise_token_version(password_change(make_user("alice").password_hash)));
  EXPECT_FALSE(std::get<TokenVersionRaised>(changed).user.email_verified_at);
  ok(store().change_user(UserId{"alice"}, {.email_verified_at = wall(kTestNow)},
                         make_event(EventType::kEmailVerified, "alice")));
  Challenge challenge = make_challenge(1);
  challenge.token_version = 2;
  ok(store().create_challenge(challenge));
  const auto reset = ok(store().raise_token_version(password_change(challenge_id(1), "newer hash")));
  EXPECT_EQ(std::get<TokenVersionRaised>(reset).user.email_verified_at, wall(kTestNow));
  EXPECT_EQ(ok(store().list_passkeys(UserId{"alice"})).size(), 1u);
}

TEST_P(StoreContract, APasswordChangeSentAgainIsNotRefused) {
  add_user("alice", 1);
  ok(store().create_challenge(make_challenge(1)));
  ok(store().raise_token_version(password_change(challenge_id(1))));
  EXPECT_TRUE(std::holds_alternative<TokenVersionRaised>(ok(store().raise_token_version(password_change(challenge_id(1))))));
}

TEST_P(StoreContract, AResetChallengeIsGoodOnceAndForItsUserOnly) {
  add_user("alice", 1);
  add_user("bob", 2);
  ok(store().create_challenge(make_challenge(1, "bob")));
  EXPECT_TRUE(std::holds_alternative<NotEntitled>(ok(store().raise_token_version(password_change(challenge_id(1))))));
  ok(store().create_challenge(make_challenge(2)));
  std::vector<Task<Result<RaiseTokenVersionOutcome>>> tasks;
  for (int i = 0; i < 32; ++i) {
    tasks.push_back(store().raise_token_version(password_change(challenge_id(2), "hash " + std::to_string(i))));
  }
  int won = 0;
  for (const auto& outcome : run_all(std::move(tasks), 4)) won += std::holds_alternative<TokenVersionRaised>(*outcome) ? 1 : 0;
  EXPECT_EQ(won, 1);
}

// --- e-mail addresses ---

TEST_P(StoreContract, ANewAddressIsFoundAndTheOldOneIsFree) {
  add_user("alice", 1);
  ok(store().create_challenge(make_change_challenge(1)));
  ok(store().create_challenge(make_challenge(2)));  // a reset that went to the old address
  const auto changed = ok(store().raise_token_version(email_change("alice", "new@example.com", challenge_id(1))));
  ASSERT_TRUE(std::holds_alternative<TokenVersionRaised>(changed));
  reopen();
  const User found = ok(store().find_user_by_email(EmailKey{"new@example.com"})).value();
  EXPECT_EQ(found, std::get<TokenVersionRaised>(changed).user);
  EXPECT_EQ(found.email, "<new@example.com>");
  EXPECT_EQ(found.email_verified_at, wall(kTestNow + 50));
  EXPECT_FALSE(ok(store().find_user_by_email(EmailKey{"alice@example.com"})));
  EXPECT_FALSE(load_session(1).session.ended);
  EXPECT_TRUE(std::holds_alternative<NotEntitled>(ok(store().raise_token_version(password_change(challenge_id(2))))));
}

TEST_P(StoreContract, ANewAddressNeedsAChallengeOfItsOwnPurposeAndUser) {
  add_user("alice", 1);
  add_user("bob", 2);
  ok(store().create_challenge(make_challenge(1)));
  ok(store().create_challenge(make_change_challenge(2, "bob")));
  for (const std::uint8_t number : {1, 2, 3}) {
    const auto outcome = ok(store().raise_token_version(email_change("alice", "new@example.com", challenge_id(number))));
    EXPECT_TRUE(std::holds_alternative<NotEntitled>(outcome));
  }
  EXPECT_EQ(ok(store().find_user(UserId{"alice"})).value(), make_user("alice"));
  EXPECT_TRUE(all_revocations().empty());
}

TEST_P(StoreContract, AnAddressThatSomebodyHasIsTakenAndTheChallengeUsedUp) {
  add_user("alice", 1);
  add_user("bob", 2);
  ok(store().create_challenge(make_change_challenge(1)));
  const auto taken = ok(store().raise_token_version(email_change("alice", "bob@example.com", challenge_id(1))));
  EXPECT_TRUE(std::holds_alternative<EmailTaken>(taken));
  EXPECT_EQ(ok(store().find_user(UserId{"alice"})).value(), make_user("alice"));
  EXPECT_EQ(ok(store().find_user_by_email(EmailKey{"bob@example.com"}))->id.text, "bob");
  const auto again = ok(store().raise_token_version(email_change("alice", "new@example.com", challenge_id(1))));
  EXPECT_TRUE(std::holds_alternative<NotEntitled>(again));
  EXPECT_TRUE(all_revocations().empty());
}

TEST_P(StoreContract, AnAdministratorSetsAnAddressWithoutAChallengeAndTheOwnOneInAnotherSpelling) {
  add_user("alice", 1);
  RaiseTokenVersion change = email_change("alice", "alice@example.com", std::nullopt);
  change.email->verified_at.reset();
  ASSERT_TRUE(std::holds_alternative<TokenVersionRaised>(ok(store().raise_token_version(change))));
  const User found = ok(store().find_user_by_email(EmailKey{"alice@example.com"})).value();
  EXPECT_EQ(found.email, "<alice@example.com>");
  EXPECT_FALSE(found.email_verified_at);
}

TEST_P(StoreContract, OfManyWhoWantOneAddressOneGetsIt) {
  std::vector<Task<Result<RaiseTokenVersionOutcome>>> tasks;
  for (int i = 1; i <= 8; ++i) {
    const std::string user = "user" + std::to_string(i);
    add_user(user, static_cast<std::uint64_t>(i));
    ok(store().create_challenge(make_change_challenge(static_cast<std::uint8_t>(i), user)));
    tasks.push_back(
        store().raise_token_version(email_change(user, "new@example.com", challenge_id(static_cast<std::uint8_t>(i)))));
  }
  int won = 0;
  int taken = 0;
  for (const auto& outcome : run_all(std::move(tasks), 4)) {
    won += std::holds_alternative<TokenVersionRaised>(*outcome) ? 1 : 0;
    taken += std::holds_alternative<EmailTaken>(*outcome) ? 1 : 0;
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(taken, 7);
}

TEST_P(StoreContract, AnUpgradeReplacesTheHashItWasMadeOfOnly) {
  add_user("alice", 1);
  const auto change = [&](const std::string& from) {
    return std::get<User>(ok(store().change_user(UserId{"alice"}, {.password = PasswordUpgrade{from, "stronger"}},
                                                 make_event(EventType::kProfileChanged, "alice"))));
  };
  EXPECT_EQ(change("another hash").password_hash, make_user("alice").password_hash);
  EXPECT_EQ(change(make_user("alice").password_hash).password_hash, "stronger");
}

// --- challenges ---

TEST_P(StoreContract, AChallengeComesBackAsItWentInAndOnlyOnce) {
  add_user("alice", 1);
  ok(store().create_challenge(make_challenge(1)));
  reopen();
  EXPECT_EQ(ok(store().find_challenge(challenge_id(1))), make_challenge(1));
  std::vector<Task<Result<std::optional<Challenge>>>> tasks;
  for (int i = 0; i < 32; ++i) {
    tasks.push_back(store().consume_challenge(challenge_id(1), ChallengePurpose::kResetPassword, wall(kTestNow)));
  }
  int won = 0;
  for (const auto& outcome : run_all(std::move(tasks), 4)) won += outcome->has_value() ? 1 : 0;
  EXPECT_EQ(won, 1);
  EXPECT_FALSE(ok(store().find_challenge(challenge_id(1))));
}

TEST_P(StoreContract, AChallengeIsBoundToPurposeTimeAndTokenVersion) {
  add_user("alice", 1);
  ok(store().create_challenge(make_challenge(1)));
  EXPECT_FALSE(ok(store().consume_challenge(challenge_id(1), ChallengePurpose::kVerifyEmail, wall(kTestNow))));
  EXPECT_TRUE(ok(store().consume_challenge(challenge_id(1), ChallengePurpose::kResetPassword, wall(kTestNow + 99))));
  ok(store().create_challenge(make_challenge(2)));
  EXPECT_FALSE(ok(store().consume_challenge(challenge_id(2), ChallengePurpose::kResetPassword, wall(kTestNow + 100))));
  ok(store().create_challenge(make_challenge(3)));
  ok(store().raise_token_version(make_version_raise("alice")));
  EXPECT_FALSE(ok(store().consume_challenge(challenge_id(3), ChallengePurpose::kResetPassword, wall(kTestNow))));
  EXPECT_FALSE(ok(store().find_challenge(challenge_id(3))));
}

TEST_P(StoreContract, AUserHasAFewChallengesOfAPurposeTheNewest) {
  add_user("alice", 1);
  for (std::uint8_t i = 0; i <= kMaxChallengesPerUser; ++i) ok(store().create_challenge(make_challenge(i)));
  EXPECT_FALSE(ok(store().find_challenge(challenge_id(0))));
  EXPECT_TRUE(ok(store().find_challenge(challenge_id(1))));
  EXPECT_TRUE(ok(store().find_challenge(challenge_id(kMaxChallengesPerUser))));
}

// --- attempts ---

TEST_P(StoreContract, AttemptsWaitAcrossARestart) {
  const std::vector<AttemptRule> rules = {{bucket(1), kLimit, std::nullopt}, {bucket(2), kLimit, std::nullopt}};
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(std::holds_alternative<AttemptAllowed>(ok(store().begin_attempt(rules, wall(kTestNow)))));
  }
  reopen();
  const auto early = ok(store().begin_attempt(rules, wall(kTestNow + 1)));
  EXPECT_EQ(std::get<AttemptTooEarly>(early).retry_after, seconds(3));
  // The one that had to wait counted in no bucket.
  EXPECT_TRUE(std::holds_alternative<AttemptAllowed>(ok(store().begin_attempt(rules, wall(kTestNow + 4)))));
  ok(store().settle_attempt({{bucket(1), Settlement::kReset}, {bucket(2), Settlement::kReset}}, wall(kTestNow + 4)));
  EXPECT_TRUE(std::holds_alternative<AttemptAllowed>(ok(store().begin_attempt(rules, wall(kTestNow + 4)))));
}

TEST_P(StoreContract, AWideBucketIsWaivedByASuccessOfTheNarrowOne) {
  const AttemptRule wide{bucket(1), kLimit, std::nullopt};
  for (int i = 0; i < 2; ++i) ok(store().begin_attempt({wide}, wall(kTestNow)));
  AttemptRule waived = wide;
  waived.waived_by = bucket(2);
  EXPECT_TRUE(std::holds_alternative<AttemptTooEarly>(ok(store().begin_attempt({waived}, wall(kTestNow)))));
  ok(store().begin_attempt({{bucket(2), kLimit, std::nullopt}}, wall(kTestNow)));
  ok(store().settle_attempt({{bucket(2), Settlement::kReset}}, wall(kTestNow)));
  EXPECT_TRUE(std::holds_alternative<AttemptAllowed>(ok(store().begin_attempt({waived}, wall(kTestNow)))));
}

TEST_P(StoreContract, ASuccessIsRememberedWhereNoAttemptWasCounted) {
  AttemptRule waived{bucket(1), kLimit, bucket(2)};
  for (int i = 0; i < 2; ++i) ok(store().begin_attempt({waived}, wall(kTestNow)));
  ok(store().settle_attempt({{bucket(2), Settlement::kTakeBack}, {bucket(2), Settlement::kNotTried}}, wall(kTestNow)));
  EXPECT_TRUE(std::holds_alternative<AttemptTooEarly>(ok(store().begin_attempt({waived}, wall(kTestNow)))));
  ok(store().settle_attempt({{bucket(2), Settlement::kReset}}, wall(kTestNow)));
  reopen();
  EXPECT_TRUE(std::holds_alternative<AttemptAllowed>(ok(store().begin_attempt({waived}, wall(kTestNow)))));
}

TEST_P(StoreContract, ParallelAttemptsAreCountedEachOnce) {
  std::vector<Task<Result<BeginAttemptOutcome>>> tasks;
  for (int i = 0; i < 32; ++i) tasks.push_back(store().begin_attempt({{bucket(1), kLimit, std::nullopt}}, wall(kTestNow)));
  int allowed = 0;
  for (const auto& outcome : run_all(std::move(tasks), 4)) allowed += std::holds_alternative<AttemptAllowed>(*outcome) ? 1 : 0;
  EXPECT_EQ(allowed, 2);
}

// --- API keys ---

TEST_P(StoreContract, AnApiKeyIsRevokedOnceAndStaysListed) {
  ok(store().create_api_key(make_api_key(1), make_event(EventType::kApiKeyCreated)));
  ok(store().create_api_key(make_api_key(2), make_event(EventType::kApiKeyCreated)));
  reopen();
  EXPECT_EQ(ok(store().find_api_key(make_api_key(1).id)), make_api_key(1));
  EXPECT_TRUE(ok(store().revoke_api_key(make_api_key(1).id, wall(kTestNow + 5), make_event(EventType::kApiKeyRevoked))));
  EXPECT_FALSE(ok(store().revoke_api_key(make_api_key(1).id, wall(kTestNow + 6), make_event(EventType::kApiKeyRevoked))));
  ApiKey revoked = make_api_key(1);
  revoked.revoked_at = wall(kTestNow + 5);
  EXPECT_EQ(ok(store().list_api_keys()), (std::vector{revoked, make_api_key(2)}));
  EXPECT_EQ(all_events().size(), 3u);
}

// --- users ---

TEST_P(StoreContract, UsersAreListedPageByPage) {
  for (const auto* id : {"carol", "alice", "bob"}) add_user(id, static_cast<std::uint64_t>(id[0]));
  const auto page = ok(store().list_users(UserId{""}, 2));
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].id.text, "alice");
  EXPECT_EQ(page[1].id.text, "bob");
  EXPECT_EQ(ok(store().list_users(page[1].id, 2)).size(), 1u);
}

TEST_P(StoreContract, ADeletedUserLeavesEventsAndARevocationOnly) {
  add_user("alice", 1);
  add_user("bob", 2);
  ok(store().create_challenge(make_challenge(1)));
  add_passkey(make_passkey(1));
  const DeleteUser change{
      UserId{"alice"}, {user_key("https://issuer", "alice"), seconds(900)}, make_event(EventType::kUserDeleted, "alice")};
  const auto outcome = ok(store().delete_user(change));
  EXPECT_EQ(std::get<Revocation>(outcome).value, 2);
  reopen();
  EXPECT_FALSE(ok(store().find_user(UserId{"alice"})));
  EXPECT_FALSE(ok(store().find_user_by_email(EmailKey{"alice@example.com"})));
  EXPECT_FALSE(ok(store().find_session(session_id(1))));
  EXPECT_FALSE(ok(store().find_passkey(passkey_id(1))));
  EXPECT_FALSE(ok(store().find_challenge(challenge_id(1))));
  EXPECT_TRUE(ok(store().find_session(session_id(2))));
  EXPECT_EQ(all_revocations().size(), 1u);
  EXPECT_EQ(all_events().back().draft.type, EventType::kUserDeleted);
  EXPECT_TRUE(std::holds_alternative<UserNotFound>(ok(store().delete_user(change))));
  add_user("alice", 9);  // the address is free again
}

// --- purge ---

TEST_P(StoreContract, ExpiredChallengesAndOldAttemptsArePurged) {
  add_user("alice", 1);
  ok(store().create_challenge(make_challenge(1)));
  ok(store().begin_attempt({{bucket(1), kLimit, std::nullopt}}, wall(kTestNow)));
  EXPECT_EQ(ok(store().purge(wall(kTestNow + 99), 10)).challenges, 0u);
  EXPECT_EQ(ok(store().purge(wall(kTestNow + 100), 10)).challenges, 1u);
  EXPECT_EQ(ok(store().purge(wall(kTestNow) + kAttemptRetention - seconds(1), 10)).attempts, 0u);
  EXPECT_EQ(ok(store().purge(wall(kTestNow) + kAttemptRetention, 10)).attempts, 1u);
}

}  // namespace
}  // namespace rescind
