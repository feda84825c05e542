// Sessions: creation, listing, rotation, ending.
#include <algorithm>

#include "tests/store_contract/store_contract.h"

namespace rescind {
namespace {

TEST_P(StoreContract, ASessionIsRenamedByItsUserWhileItHasNotEnded) {
  add_session(1, "alice");
  EXPECT_FALSE(ok(store().rename_session(UserId{"bob"}, session_id(1), "mine")));
  EXPECT_FALSE(ok(store().rename_session(UserId{"alice"}, session_id(2), "none")));
  EXPECT_TRUE(ok(store().rename_session(UserId{"alice"}, session_id(1), "Ada's phone")));
  Session renamed = make_session(1, "alice");
  renamed.device = "Ada's phone";
  expect_same(load_session(1).session, renamed);
  ok(store().revoke_session(make_session_revocation(1)));
  EXPECT_FALSE(ok(store().rename_session(UserId{"alice"}, session_id(1), "too late")));
  EXPECT_EQ(load_session(1).session.device, "Ada's phone");
}

TEST_P(StoreContract, SessionOfUnknownUserIsRefusedUnlessTheUserIsToBeMade) {
  const auto refused = ok(store().create_session(make_creation(make_session(1, "alice"), MissingUser::kRefuse)));
  EXPECT_TRUE(std::holds_alternative<UserNotFound>(refused));
  EXPECT_TRUE(all_events().empty());
  EXPECT_FALSE(ok(store().find_user(UserId{"alice"})));

  const SessionAndUser made = add_session(1, "alice");
  EXPECT_EQ(made.user.id.text, "alice");
  EXPECT_EQ(made.user.token_version, 1);
  EXPECT_EQ(made.user.password_hash, "");
  EXPECT_EQ(made.user.created_at, wall(kTestNow));
  EXPECT_EQ(all_events().size(), 1u);

  const auto second = ok(store().create_session(make_creation(make_session(2, "alice"), MissingUser::kRefuse)));
  EXPECT_TRUE(std::holds_alternative<SessionCreated>(second));
}

TEST_P(StoreContract, SameSessionIdAgainGivesTheOutcomeOfTheFirstTime) {
  add_session(1, "alice");
  ok(store().rotate_refresh(make_rotation(1, 1)));
  const SessionAndUser again = add_session(1, "alice", kTestNow + 500);
  EXPECT_EQ(again.session.generation, 2u);
  EXPECT_EQ(again.session.created_at, wall(kTestNow));
  EXPECT_EQ(all_events().size(), 1u);
}

// Session fixation: an id that is taken can not be given to another user.
TEST_P(StoreContract, SessionIdOfAnotherUserIsNeverTakenOver) {
  add_session(1, "alice");
  const auto outcome = run(store().create_session(make_creation(make_session(1, "mallory"), MissingUser::kCreate)));
  EXPECT_FALSE(outcome.has_value());
  EXPECT_EQ(load_session(1).user.id.text, "alice");
  EXPECT_FALSE(ok(store().find_user(UserId{"mallory"})));
}

TEST_P(StoreContract, SessionComesBackAsItWentIn) {
  Session session = make_session(1, "alice");
  session.device = std::string("a\0b", 3);
  session.user_agent = std::string(kMaxUserAgentBytes, '\xC3');
  session.amr = {};
  session.claims_json = "";
  session.generation_at += std::chrono::milliseconds(1);
  ok(store().create_session(make_creation(session, MissingUser::kCreate)));
  expect_same(load_session(1).session, session);
  EXPECT_FALSE(ok(store().find_session(session_id(2))));
}

TEST_P(StoreContract, SessionsAreListedNewestFirstWithoutThoseThatEnded) {
  add_session(1, "alice", kTestNow + 10);
  add_session(2, "alice", kTestNow + 30);
  add_session(3, "alice", kTestNow + 20);
  add_session(4, "bob", kTestNow + 40);
  ok(store().revoke_session(make_session_revocation(3)));
  const auto listed = ok(store().list_sessions(UserId{"alice"}));
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].id, session_id(2));
  EXPECT_EQ(listed[1].id, session_id(1));
  EXPECT_TRUE(ok(store().list_sessions(UserId{"nobody"})).empty());
}

TEST_P(StoreContract, ExpiredSessionsAreListedUntilPurged) {
  Session session = make_session(1, "alice");
  session.expires_at = wall(kTestNow - 1000);
  ok(store().create_session(make_creation(session, MissingUser::kCreate)));
  EXPECT_EQ(ok(store().list_sessions(UserId{"alice"})).size(), 1u);
}

TEST_P(StoreContract, AtMostAThousandSessionsAreListedTheNewest) {
  std::vector<Task<Result<CreateSessionOutcome>>> tasks;
  for (std::uint64_t i = 0; i < kMaxListedSessions + 5; ++i) {
    tasks.push_back(store().create_session(
        make_creation(make_session(i, "alice", kTestNow + static_cast<std::int64_t>(i)), MissingUser::kCreate)));
  }
  run_all(std::move(tasks), 1);
  const auto listed = ok(store().list_sessions(UserId{"alice"}));
  ASSERT_EQ(listed.size(), kMaxListedSessions);
  EXPECT_EQ(listed.front().id, session_id(kMaxListedSessions + 4));
  EXPECT_EQ(listed.back().id, session_id(5));
}

TEST_P(StoreContract, RotationChangesGenerationTimesAndAddressAndNothingElse) {
  add_user("alice", 1);
  const auto outcome = ok(store().rotate_refresh(make_rotation(1, 1, kTestNow + 60)));
  Session expected = make_session(1, "alice");
  expected.generation = 2;
  expected.generation_at = wall(kTestNow + 60);
  expected.last_used_at = wall(kTestNow + 60);
  expected.address = "198.51.100.4";
  expect_same(std::get<SessionAndUser>(outcome).session, expected);
  expect_same(std::get<SessionAndUser>(outcome).user, make_user("alice"));
  expect_same(load_session(1).session, expected);
}

TEST_P(StoreContract, RotationOfAnotherGenerationChangesNothing) {
  add_session(1, "alice");
  for (const std::uint64_t wrong : {std::uint64_t{0}, std::uint64_t{2}, ~std::uint64_t{0}}) {
    EXPECT_TRUE(std::holds_alternative<NotRotated>(ok(store().rotate_refresh(make_rotation(1, wrong)))));
  }
  EXPECT_TRUE(std::holds_alternative<NotRotated>(ok(store().rotate_refresh(make_rotation(2, 1)))));
  expect_same(load_session(1).session, make_session(1, "alice"));
}

// Rotation finds out by itself that a session is over; a repetition as well.
TEST_P(StoreContract, ASessionThatHasExpiredIsNotRotated) {
  constexpr std::int64_t kIdle = std::chrono::seconds(kTestIdleTtl).count();
  constexpr std::int64_t kAbsolute = 90 * 24 * 3600;  // as make_session() has it
  add_session(1, "alice");
  EXPECT_TRUE(std::holds_alternative<NotRotated>(ok(store().rotate_refresh(make_rotation(1, 1, kTestNow + kIdle)))));
  EXPECT_TRUE(std::holds_alternative<SessionAndUser>(ok(store().rotate_refresh(make_rotation(1, 1, kTestNow + kIdle - 1)))));
  RotateRefresh patient = make_rotation(1, 2, kTestNow + kAbsolute);
  patient.idle_ttl = std::chrono::hours(365 * 24);
  EXPECT_TRUE(std::holds_alternative<NotRotated>(ok(store().rotate_refresh(patient))));
  patient.expected_generation = 1;
  EXPECT_TRUE(std::holds_alternative<NotRotated>(ok(store().repeat_refresh(patient))));
  patient.now = wall(kTestNow + kAbsolute - 1);
  EXPECT_TRUE(std::holds_alternative<SessionAndUser>(ok(store().repeat_refresh(patient))));
  EXPECT_EQ(load_session(1).session.last_used_at, wall(kTestNow + kAbsolute - 1));
}

// The refresh replay race: one token, many requests at once.
TEST_P(StoreContract, ExactlyOneOfThirtyTwoConcurrentRotationsWins) {
  add_session(1, "alice");
  for (std::uint64_t generation = 1; generation <= 200; ++generation) {
    std::vector<Task<Result<RotateRefreshOutcome>>> tasks;
    for (int i = 0; i < 32; ++i) tasks.push_back(store().rotate_refresh(make_rotation(1, generation)));
    int won = 0;
    for (const auto& outcome : run_all(std::move(tasks), 4)) won += std::holds_alternative<SessionAndUser>(*outcome) ? 1 : 0;
    ASSERT_EQ(won, 1);
  }
  EXPECT_EQ(load_session(1).session.generation, 201u);
}

Task<Result<RevokeSessionOutcome>> revoke_after(Store& store, int rotations, std::uint64_t session) {
  for (int i = 0; i < rotations; ++i) {
    RotateRefresh rotation = make_rotation(session, static_cast<std::uint64_t>(i) + 1);
    (void)co_await store.rotate_refresh(std::move(rotation));
  }
  RevokeSession change = make_session_revocation(session);
  co_return co_await store.revoke_session(std::move(change));
}

// How often rotation succeeded after the revocation had been acknowledged: must be never.
Task<int> rotate_while(Store& store, std::uint64_t session, std::atomic<bool>& acknowledged) {
  int late = 0;
  for (std::uint64_t generation = 1; generation <= 12; ++generation) {
    const bool was_acknowledged = acknowledged.load();
    RotateRefresh rotation = make_rotation(session, generation);
    auto outcome = co_await store.rotate_refresh(std::move(rotation));
    if (was_acknowledged && std::holds_alternative<SessionAndUser>(*outcome)) ++late;
  }
  co_return late;
}

Task<int> revoke_and_tell(Store& store, int rotations, std::uint64_t session, std::atomic<bool>& acknowledged) {
  auto outcome = co_await revoke_after(store, rotations, session);
  acknowledged.store(true);
  co_return std::holds_alternative<Revocation>(*outcome) ? 0 : 1;
}

// The refresh-against-revoke race: after the revocation is acknowledged nothing of the family is minted.
TEST_P(StoreContract, NoRotationSucceedsAfterTheRevocationIsAcknowledged) {
  for (std::uint64_t round = 1; round <= 100; ++round) {
    add_session(round, "alice");
    std::atomic<bool> acknowledged{false};
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 4; ++i) tasks.push_back(rotate_while(store(), round, acknowledged));
    tasks.push_back(revoke_and_tell(store(), static_cast<int>(round % 6), round, acknowledged));
    for (const int wrong : run_all(std::move(tasks), 4)) ASSERT_EQ(wrong, 0);
    const Session session = load_session(round).session;
    ASSERT_TRUE(session.ended);
    EXPECT_TRUE(std::holds_alternative<NotRotated>(ok(store().rotate_refresh(make_rotation(round, session.generation)))));
  }
}

TEST_P(StoreContract, RevokingEndsTheSessionAndAddsItsRevocation) {
  add_session(1, "alice");
  const RevokeSession change = make_session_revocation(1);
  const auto outcome = ok(store().revoke_session(change));
  const Revocation revocation = std::get<Revocation>(outcome);
  EXPECT_EQ(revocation.seq, 1u);
  EXPECT_EQ(revocation.kind, RevocationKind::kSession);
  EXPECT_EQ(revocation.key, change.revocation.key);
  EXPECT_EQ(revocation.expires, to_seconds(change.end.at) + change.revocation.token_lifetime);
  EXPECT_EQ(all_revocations(), std::vector{revocation});

  const Session session = load_session(1).session;
  ASSERT_TRUE(session.ended);
  EXPECT_EQ(session.ended->at, change.end.at);
  EXPECT_EQ(session.ended->reason, EndReason::kSignedOut);
  EXPECT_TRUE(std::holds_alternative<NotRotated>(ok(store().rotate_refresh(make_rotation(1, 1)))));
  EXPECT_EQ(all_events().size(), 2u);
  EXPECT_EQ(all_events()[1].draft.session, session_id(1));
}

TEST_P(StoreContract, TheRevocationOutlivesWhatLaterClocksHaveIssued) {
  add_session(1, "alice");
  add_session(2, "alice", kTestNow + 500);
  const auto outcome = ok(store().revoke_session(make_session_revocation(1, kTestNow + 100)));
  EXPECT_EQ(std::get<Revocation>(outcome).expires, at_second(kTestNow + 500 + 905));
}

TEST_P(StoreContract, TheLatestMomentOfAnyChangeIsRemembered) {
  add_session(1, "alice", kTestNow);
  EXPECT_EQ(ok(store().load_state()).latest, wall(kTestNow));
  ok(store().rotate_refresh(make_rotation(1, 1, kTestNow + 60)));
  EXPECT_EQ(ok(store().load_state()).latest, wall(kTestNow + 60));
  ok(store().repeat_refresh(make_rotation(1, 1, kTestNow + 70)));
  EXPECT_EQ(ok(store().load_state()).latest, wall(kTestNow + 70));
  ok(store().append_event(make_event(EventType::kLoginFailed, "alice", kTestNow + 80)));
  ok(store().append_event(make_event(EventType::kLoginFailed, "alice", kTestNow + 75)));
  EXPECT_EQ(ok(store().load_state()).latest, wall(kTestNow + 80));
  reopen();
  EXPECT_EQ(ok(store().load_state()).latest, wall(kTestNow + 80));
}

TEST_P(StoreContract, RepeatingGivesTheCurrentGenerationAgainAndNoOther) {
  add_session(1, "alice");
  EXPECT_TRUE(std::holds_alternative<NotRotated>(ok(store().repeat_refresh(make_rotation(1, 1)))));
  ok(store().rotate_refresh(make_rotation(1, 1, kTestNow + 60)));
  const auto repeated = ok(store().repeat_refresh(make_rotation(1, 1, kTestNow + 70)));
  const Session session = std::get<SessionAndUser>(repeated).session;
  EXPECT_EQ(session.generation, 2u);
  EXPECT_EQ(session.generation_at, wall(kTestNow + 60));
  EXPECT_EQ(session.last_used_at, wall(kTestNow + 70));
  for (const std::uint64_t wrong : {0, 2, 3}) {
    EXPECT_TRUE(std::holds_alternative<NotRotated>(ok(store().repeat_refresh(make_rotation(1, wrong)))));
  }
  ok(store().revoke_session(make_session_revocation(1)));
  EXPECT_TRUE(std::holds_alternative<NotRotated>(ok(store().repeat_refresh(make_rotation(1, 1)))));
}

TEST_P(StoreContract, RevokingAgainChangesNothing) {
  add_session(1, "alice");
  const auto first = ok(store().revoke_session(make_session_revocation(1)));
  const auto again = ok(store().revoke_session(make_session_revocation(1, kTestNow + 200)));
  ASSERT_TRUE(std::holds_alternative<SessionAlreadyEnded>(again));
  EXPECT_EQ(all_revocations(), std::vector{std::get<Revocation>(first)});
  EXPECT_EQ(load_session(1).session.ended->at, wall(kTestNow + 100));
  EXPECT_EQ(all_events().size(), 2u);
}

TEST_P(StoreContract, RevokingAnUnknownSessionChangesNothing) {
  EXPECT_TRUE(std::holds_alternative<SessionNotFound>(ok(store().revoke_session(make_session_revocation(1)))));
  EXPECT_TRUE(all_revocations().empty());
  EXPECT_TRUE(all_events().empty());
}

}  // namespace
}  // namespace rescind
