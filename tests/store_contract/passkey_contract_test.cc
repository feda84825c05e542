// Passkeys: whose they are, their counter, and the challenges that they answer.
#include "tests/store_contract/store_contract.h"

namespace rescind {
namespace {

Challenge make_answered(std::uint8_t number) {
  Challenge challenge{{}, ChallengePurpose::kPasskeyLogIn, std::nullopt, 0, {}, wall(kTestNow + 100)};
  challenge.id.bytes.fill(number);
  return challenge;
}

UsePasskey make_use(std::uint8_t answered, std::uint32_t expected = 7, std::uint32_t count = 8) {
  return {passkey_id(1), expected, count, BackupState::kBackedUp, wall(kTestNow + 9), make_answered(answered)};
}

RemovePasskeyOutcome remove_key(Store& store, std::uint8_t number, const std::string& user) {
  EventDraft event = make_event(EventType::kPasskeyRemoved, user);
  return run(store.remove_passkey(UserId{user}, passkey_id(number), LastPasskey::kStays, std::move(event))).value();
}

CreateUserOutcome sign_up(Store& store, const std::string& user, std::uint8_t passkey, std::uint8_t answered,
                          std::uint64_t session = 1) {
  User without_password = make_user(user);
  without_password.password_hash.clear();
  CreateUser change{without_password, EmailKey{user + "@example.com"}, make_session(session, user),
                    make_event(EventType::kUserSignedUp, user),
                    FirstPasskey{make_passkey(passkey, user), make_answered(answered)}};
  return run(store.create_user(std::move(change))).value();
}

TEST_P(StoreContract, APasskeyComesBackAsItWentIn) {
  add_user("alice", 1);
  EXPECT_EQ(std::get<UserPasskey>(add_passkey(make_passkey(1))), make_passkey(1));
  add_passkey(make_passkey(2));
  reopen();
  EXPECT_EQ(ok(store().find_passkey(passkey_id(1)))->passkey, make_passkey(1));
  EXPECT_EQ(ok(store().find_passkey(passkey_id(1)))->user.id.text, "alice");
  EXPECT_EQ(ok(store().list_passkeys(UserId{"alice"})), (std::vector{make_passkey(1), make_passkey(2)}));
  EXPECT_FALSE(ok(store().find_passkey(passkey_id(3))));
}

TEST_P(StoreContract, ACredentialBelongsToOneUserOnly) {
  add_user("alice", 1);
  add_user("bob", 2);
  add_passkey(make_passkey(1));
  EXPECT_TRUE(std::holds_alternative<PasskeyTaken>(add_passkey(make_passkey(1, "bob"))));
  EXPECT_TRUE(std::holds_alternative<UserNotFound>(add_passkey(make_passkey(2, "carol"))));
  EXPECT_FALSE(ok(store().rename_passkey(UserId{"bob"}, passkey_id(1), "mine")));
  EXPECT_EQ(remove_key(store(), 1, "bob"), RemovePasskeyOutcome::kNotFound);
  EXPECT_TRUE(ok(store().rename_passkey(UserId{"alice"}, passkey_id(1), "phone")));
  EXPECT_EQ(ok(store().find_passkey(passkey_id(1)))->passkey.name, "phone");
  EXPECT_EQ(remove_key(store(), 1, "alice"), RemovePasskeyOutcome::kRemoved);
  EXPECT_FALSE(ok(store().find_passkey(passkey_id(1))));
}

TEST_P(StoreContract, AUserHasAFewPasskeys) {
  add_user("alice", 1);
  for (std::uint8_t i = 0; i < kMaxPasskeysPerUser; ++i) {
    add_passkey(make_passkey(i));
  }
  EXPECT_TRUE(std::holds_alternative<PasskeyLimitReached>(add_passkey(make_passkey(99))));
}

TEST_P(StoreContract, APasskeyIsAddedForItsUsersOwnChallengeAndOnceForEach) {
  add_user("alice", 1);
  add_user("bob", 2);
  const auto add = [&](std::uint8_t number, ChallengeId answered) {
    return ok(store().add_passkey({make_passkey(number), answered, make_event(EventType::kPasskeyAdded, "alice")}));
  };
  EXPECT_TRUE(std::holds_alternative<ChallengeUsed>(add(1, make_registration_challenge(make_passkey(1, "bob")))));
  const ChallengeId answered = make_registration_challenge(make_passkey(2));
  EXPECT_TRUE(std::holds_alternative<UserPasskey>(add(2, answered)));
  EXPECT_TRUE(std::holds_alternative<ChallengeUsed>(add(3, answered)));
  EXPECT_EQ(ok(store().list_passkeys(UserId{"alice"})), std::vector{make_passkey(2)});
}

// Nothing may come between: whoever signs the user out everywhere has seen all passkeys that there are.
TEST_P(StoreContract, NoPasskeyIsAddedOnceTheVersionIsRaised) {
  add_user("alice", 1);
  const ChallengeId answered = make_registration_challenge(make_passkey(1));
  ok(store().raise_token_version(make_version_raise("alice")));
  const AddPasskey late{make_passkey(1), answered, make_event(EventType::kPasskeyAdded, "alice")};
  EXPECT_TRUE(std::holds_alternative<ChallengeUsed>(ok(store().add_passkey(late))));
  EXPECT_TRUE(ok(store().list_passkeys(UserId{"alice"})).empty());
  EXPECT_EQ(all_events().back().draft.type, EventType::kSignedOutEverywhere);
}

// --- what a session begins by ---

TEST_P(StoreContract, NoSessionBeginsByAPasskeyThatIsGoneOrAnotherUsers) {
  add_user("alice", 1);
  add_user("bob", 2);
  add_passkey(make_passkey(1));
  CreateSession change = make_creation(make_session(3, "alice"), MissingUser::kRefuse);
  change.credential = CheckedPasskey{passkey_id(1)};
  EXPECT_TRUE(std::holds_alternative<SessionCreated>(ok(store().create_session(change))));
  change.session = make_session(4, "bob");
  EXPECT_TRUE(std::holds_alternative<CredentialReplaced>(ok(store().create_session(change))));
  change.session = make_session(5, "alice");
  EXPECT_EQ(remove_key(store(), 1, "alice"), RemovePasskeyOutcome::kRemoved);
  const std::size_t events = all_events().size();
  EXPECT_TRUE(std::holds_alternative<CredentialReplaced>(ok(store().create_session(change))));
  EXPECT_FALSE(ok(store().find_session(session_id(5))));
  EXPECT_EQ(all_events().size(), events);
  change.session = make_session(3, "alice");
  EXPECT_TRUE(std::holds_alternative<SessionCreated>(ok(store().create_session(change)))) << "sent again";
}

TEST_P(StoreContract, OneOfManyUsesOfAPasskeyWithOneCountWins) {
  add_user("alice", 1);
  add_passkey(make_passkey(1));
  std::vector<Task<Result<UsePasskeyOutcome>>> tasks;
  for (std::uint8_t i = 0; i < 32; ++i) tasks.push_back(store().use_passkey(make_use(i)));
  int won = 0;
  for (const auto& outcome : run_all(std::move(tasks), 4)) won += std::holds_alternative<UserPasskey>(*outcome) ? 1 : 0;
  EXPECT_EQ(won, 1);
  const UserPasskey used = ok(store().find_passkey(passkey_id(1)))->passkey;
  EXPECT_EQ(used.passkey.sign_count, 8u);
  EXPECT_EQ(used.passkey.backup_state, BackupState::kBackedUp);
  EXPECT_EQ(used.last_used_at, wall(kTestNow + 9));
}

TEST_P(StoreContract, OneOfManyUsesWithOneChallengeWinsEvenWhereNothingIsCounted) {
  add_user("alice", 1);
  UserPasskey uncounted = make_passkey(1);
  uncounted.passkey.sign_count = 0;
  add_passkey(uncounted);
  std::vector<Task<Result<UsePasskeyOutcome>>> tasks;
  for (int i = 0; i < 32; ++i) tasks.push_back(store().use_passkey(make_use(1, 0, 0)));
  int won = 0;
  for (const auto& outcome : run_all(std::move(tasks), 4)) won += std::holds_alternative<UserPasskey>(*outcome) ? 1 : 0;
  EXPECT_EQ(won, 1);
  reopen();
  EXPECT_TRUE(std::holds_alternative<ChallengeUsed>(ok(store().use_passkey(make_use(1, 0, 0)))));
  EXPECT_TRUE(std::holds_alternative<UserPasskey>(ok(store().use_passkey(make_use(2, 0, 0)))));
}

TEST_P(StoreContract, AUseThatLosesLeavesItsChallengeUnused) {
  add_user("alice", 1);
  add_passkey(make_passkey(1));
  EXPECT_TRUE(std::holds_alternative<PasskeyNotUsed>(ok(store().use_passkey(make_use(1, 6, 8)))));
  EXPECT_TRUE(std::holds_alternative<UserPasskey>(ok(store().use_passkey(make_use(1)))));
}

TEST_P(StoreContract, AUsedChallengeIsRememberedUntilItExpires) {
  add_user("alice", 1);
  add_passkey(make_passkey(1));
  ok(store().use_passkey(make_use(1)));
  EXPECT_EQ(ok(store().purge(wall(kTestNow + 99), 10)).challenges, 0u);
  EXPECT_EQ(ok(store().purge(wall(kTestNow + 100), 10)).challenges, 1u);
}

TEST_P(StoreContract, ASignUpMakesUserPasskeyAndSessionTogether) {
  EXPECT_TRUE(std::holds_alternative<UserCreated>(sign_up(store(), "alice", 1, 1)));
  reopen();
  EXPECT_EQ(ok(store().find_passkey(passkey_id(1)))->passkey, make_passkey(1));
  EXPECT_EQ(load_session(1).user.password_hash, "");
  EXPECT_TRUE(std::holds_alternative<UserCreated>(sign_up(store(), "alice", 1, 1)));  // sent again, its answer was lost
}

TEST_P(StoreContract, ASignUpThatIsRefusedMakesNothing) {
  sign_up(store(), "alice", 1, 1);
  EXPECT_TRUE(std::holds_alternative<EmailTaken>(sign_up(store(), "alice", 2, 2, 2)));
  EXPECT_TRUE(std::holds_alternative<PasskeyTaken>(sign_up(store(), "bob", 1, 2, 2)));
  EXPECT_TRUE(std::holds_alternative<ChallengeUsed>(sign_up(store(), "bob", 2, 1, 2)));
  EXPECT_FALSE(ok(store().find_user(UserId{"bob"})));
  EXPECT_FALSE(ok(store().find_passkey(passkey_id(2))));
  EXPECT_FALSE(ok(store().find_session(session_id(2))));
  EXPECT_EQ(all_events().size(), 1u);
}

TEST_P(StoreContract, TheOnlyWayInMayGoWhereItIsSaid) {
  sign_up(store(), "alice", 1, 1);
  EventDraft event = make_event(EventType::kPasskeyRemoved, "alice");
  EXPECT_EQ(ok(store().remove_passkey(UserId{"bob"}, passkey_id(1), LastPasskey::kMayGo, event)),
            RemovePasskeyOutcome::kNotFound);
  EXPECT_EQ(ok(store().remove_passkey(UserId{"alice"}, passkey_id(1), LastPasskey::kMayGo, event)),
            RemovePasskeyOutcome::kRemoved);
  EXPECT_TRUE(ok(store().list_passkeys(UserId{"alice"})).empty());
}

TEST_P(StoreContract, TheOnlyWayInIsNotRemovedHoweverManyAskAtOnce) {
  sign_up(store(), "alice", 1, 1);
  add_passkey(make_passkey(2));
  std::vector<Task<Result<RemovePasskeyOutcome>>> tasks;
  for (const std::uint8_t number : {1, 2}) {
    tasks.push_back(store().remove_passkey(UserId{"alice"}, passkey_id(number), LastPasskey::kStays,
                                           make_event(EventType::kPasskeyRemoved, "alice")));
  }
  int removed = 0;
  for (const auto& outcome : run_all(std::move(tasks), 2)) removed += *outcome == RemovePasskeyOutcome::kRemoved ? 1 : 0;
  EXPECT_EQ(removed, 1);
  const auto left = ok(store().list_passkeys(UserId{"alice"}));
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(remove_key(store(), left.front().passkey.id.front(), "alice"), RemovePasskeyOutcome::kNoOtherWayIn);
}

}  // namespace
}  // namespace rescind
