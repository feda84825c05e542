// Purging, events, and what a restart finds.
#include "tests/store_contract/store_contract.h"

namespace rescind {
namespace {

constexpr std::int64_t kDay = 24 * 3600;

EventDraft added() { return make_event(EventType::kRevocationAdded); }

// Purging earlier would revive a token that can still be accepted; the second before its end is not too late for it.
TEST_P(StoreContract, RevocationGoesAtItsExpiryAndNotASecondEarlier) {
  ok(store().add_revocation(make_revocation(RevocationKind::kToken, "now", 0, kTestNow), added()));
  ok(store().add_revocation(make_revocation(RevocationKind::kToken, "later", 0, kTestNow + 1), added()));
  const WallTime just_before = wall(kTestNow) - std::chrono::milliseconds(1);
  EXPECT_EQ(ok(store().purge(just_before, 100)).revocations, 0u);
  EXPECT_EQ(ok(store().purge(wall(kTestNow), 100)).revocations, 1u);
  EXPECT_EQ(ok(store().purge(wall(kTestNow + 1) - std::chrono::milliseconds(1), 100)).revocations, 0u);
  ASSERT_EQ(all_revocations().size(), 1u);
  EXPECT_EQ(all_revocations()[0].expires, at_second(kTestNow + 1));
  EXPECT_EQ(ok(store().purge(wall(kTestNow + 1), 100)).revocations, 1u);
}

// The horizon keeps a clock that steps back from reviving what was purged.
TEST_P(StoreContract, PurgeRaisesTheHorizonAndNothingLowersIt) {
  ok(store().purge(wall(kTestNow) + std::chrono::milliseconds(999), 100));
  EXPECT_EQ(ok(store().load_state()).horizon, at_second(kTestNow));
  ok(store().purge(wall(kTestNow - 500), 100));
  EXPECT_EQ(ok(store().load_state()).horizon, at_second(kTestNow));
  reopen();
  EXPECT_EQ(ok(store().load_state()).horizon, at_second(kTestNow));
}

TEST_P(StoreContract, PurgeRemovesAtMostTheLimitTheEarliestRevocationsFirst) {
  for (int i = 5; i > 0; --i) {
    ok(store().add_revocation(make_revocation(RevocationKind::kToken, std::to_string(i), 0, kTestNow + i), added()));
  }
  EXPECT_EQ(ok(store().purge(wall(kTestNow + 10), 2)).revocations, 2u);
  const auto rows = all_revocations();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2].expires, at_second(kTestNow + 3));
  EXPECT_EQ(ok(store().purge(wall(kTestNow + 10), 100)).revocations, 3u);
  EXPECT_EQ(ok(store().purge(wall(kTestNow + 10), 100)).revocations, 0u);
}

TEST_P(StoreContract, EndedSessionIsKeptForTheRetention) {
  add_session(1, "alice");
  ok(store().revoke_session(make_session_revocation(1, kTestNow)));
  EXPECT_EQ(ok(store().purge(wall(kTestNow + kDay) - std::chrono::milliseconds(1), 100)).sessions, 0u);
  EXPECT_TRUE(ok(store().find_session(session_id(1))));
  EXPECT_EQ(ok(store().purge(wall(kTestNow + kDay), 100)).sessions, 1u);
  EXPECT_FALSE(ok(store().find_session(session_id(1))));
  EXPECT_TRUE(ok(store().find_user(UserId{"alice"})));
}

TEST_P(StoreContract, ExpiredSessionIsKeptForTheRetention) {
  add_session(1, "alice");
  const WallTime due = make_session(1, "alice").expires_at + kSessionRetention;
  EXPECT_EQ(ok(store().purge(due - std::chrono::milliseconds(1), 100)).sessions, 0u);
  EXPECT_EQ(ok(store().list_sessions(UserId{"alice"})).size(), 1u);
  EXPECT_EQ(ok(store().purge(due, 100)).sessions, 1u);
  EXPECT_TRUE(ok(store().list_sessions(UserId{"alice"})).empty());
}

TEST_P(StoreContract, PurgeCountsEndedAndExpiredSessionsAgainstOneLimit) {
  for (std::uint64_t i = 0; i < 4; ++i) add_session(i, "alice");
  ok(store().revoke_session(make_session_revocation(0)));
  ok(store().revoke_session(make_session_revocation(1)));
  const WallTime late = make_session(1, "alice").expires_at + kSessionRetention;
  EXPECT_EQ(ok(store().purge(late, 3)).sessions, 3u);
  EXPECT_EQ(ok(store().purge(late, 3)).sessions, 1u);
  EXPECT_EQ(ok(store().purge(late, 3)).sessions, 0u);
}

TEST_P(StoreContract, EventsAreKeptForTheirRetention) {
  ok(store().append_event(make_event(EventType::kLoginFailed, "alice", kTestNow)));
  const WallTime due = wall(kTestNow) + kEventRetention;
  EXPECT_EQ(ok(store().purge(due, 100)).events, 0u);
  EXPECT_EQ(ok(store().purge(due + std::chrono::milliseconds(1), 100)).events, 1u);
  ok(store().append_event(make_event(EventType::kLoginFailed, "alice")));
  EXPECT_EQ(all_events()[0].seq, 2u);
}

// As long as the events that name it.
TEST_P(StoreContract, ARevokedApiKeyIsKeptAsLongAsEvents) {
  ApiKey alive;
  ApiKey revoked;
  alive.id.bytes[0] = 1;
  revoked.id.bytes[0] = 2;
  for (const ApiKey& key : {alive, revoked}) ok(store().create_api_key(key, make_event(EventType::kApiKeyCreated)));
  ok(store().revoke_api_key(revoked.id, wall(kTestNow), make_event(EventType::kApiKeyRevoked)));
  const WallTime due = wall(kTestNow) + kEventRetention;
  EXPECT_EQ(ok(store().purge(due, 100)).api_keys, 0u);
  EXPECT_EQ(ok(store().purge(due + std::chrono::milliseconds(1), 0)).api_keys, 0u);
  EXPECT_EQ(ok(store().purge(due + std::chrono::milliseconds(1), 100)).api_keys, 1u);
  EXPECT_TRUE(ok(store().find_api_key(alive.id)));
  EXPECT_FALSE(ok(store().find_api_key(revoked.id)));
}

TEST_P(StoreContract, EventsComeBackAsTheyWentIn) {
  EventDraft full = make_event(EventType::kRefreshReused, "alice", kTestNow + 5);
  full.session = session_id(9);
  full.detail = std::string("x\0y", 3);
  full.by = "client:shop";
  EventDraft bare;
  bare.type = EventType::kLoginFailed;
  ok(store().append_event(full));
  ok(store().append_event(bare));
  const auto events = all_events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].seq, 1u);
  EXPECT_EQ(events[0].draft.type, full.type);
  EXPECT_EQ(events[0].draft.user, full.user);
  EXPECT_EQ(events[0].draft.session, full.session);
  EXPECT_EQ(events[0].draft.address, full.address);
  EXPECT_EQ(events[0].draft.at, full.at);
  EXPECT_EQ(events[0].draft.detail, full.detail);
  EXPECT_EQ(events[0].draft.by, full.by);
  EXPECT_EQ(events[1].draft.by, "");
  EXPECT_FALSE(events[1].draft.user);
  EXPECT_FALSE(events[1].draft.session);
}

TEST_P(StoreContract, EventsAreFilteredByTypeUserAndPlace) {
  for (const auto* user : {"alice", "bob", "alice", "bob"}) {
    ok(store().append_event(make_event(EventType::kLoginFailed, user)));
    ok(store().append_event(make_event(EventType::kLoginSucceeded, user)));
  }
  const auto count = [this](const EventFilter& filter) { return ok(store().list_events(filter)).size(); };
  EXPECT_EQ(count({}), 8u);
  EXPECT_EQ(count({.type = EventType::kLoginFailed}), 4u);
  EXPECT_EQ(count({.user = UserId{"bob"}}), 4u);
  EXPECT_EQ(count({.type = EventType::kLoginFailed, .user = UserId{"bob"}}), 2u);
  EXPECT_EQ(count({.type = EventType::kLoginFailed, .user = UserId{"bob"}, .after_seq = 3}), 1u);
  EXPECT_EQ(count({.after_seq = 6}), 2u);
  EXPECT_EQ(count({.after_seq = 0, .limit = 3}), 3u);
  EXPECT_EQ(count({.user = UserId{"carol"}}), 0u);
}

TEST_P(StoreContract, EventsComeNewestFirstAndUpToAPlaceWhereThatIsAskedFor) {
  for (const auto* user : {"alice", "bob", "alice", "bob"}) {
    ok(store().append_event(make_event(EventType::kLoginFailed, user)));
    ok(store().append_event(make_event(EventType::kLoginSucceeded, user)));
  }
  using Seqs = std::vector<std::uint64_t>;
  const auto seqs = [this](const EventFilter& filter) {
    Seqs listed;
    for (const Event& event : ok(store().list_events(filter))) listed.push_back(event.seq);
    return listed;
  };
  const auto newest = EventOrder::kNewestFirst;
  EXPECT_EQ(seqs({.order = newest, .limit = 3}), (Seqs{8, 7, 6}));
  EXPECT_EQ(seqs({.before_seq = 6, .order = newest, .limit = 3}), (Seqs{5, 4, 3}));
  EXPECT_EQ(seqs({.after_seq = 4, .before_seq = 7, .order = newest}), (Seqs{6, 5}));
  EXPECT_EQ(seqs({.after_seq = 4, .before_seq = 7}), (Seqs{5, 6}));
  EXPECT_EQ(seqs({.after_seq = 6, .before_seq = 6, .order = newest}), Seqs{});
  EXPECT_EQ(seqs({.after_seq = 7, .before_seq = 2, .order = newest}), Seqs{});
  EXPECT_EQ(seqs({.user = UserId{"bob"}, .order = newest}), (Seqs{8, 7, 4, 3}));
  EXPECT_EQ(seqs({.type = EventType::kLoginFailed, .before_seq = 7, .order = newest}), (Seqs{5, 3, 1}));
  EXPECT_EQ(seqs({.type = EventType::kLoginFailed, .user = UserId{"bob"}, .order = newest}), (Seqs{7, 3}));
}

TEST_P(StoreContract, AnEventCursorIsAbsentUntilItsFirstAdvanceAndEachFollowerHasItsOwn) {
  EXPECT_FALSE(ok(store().load_event_cursor("a")).passed);
  EXPECT_EQ(ok(store().load_event_cursor("a")).head, 0u);
  ok(store().append_event(make_event(EventType::kLoginFailed)));
  ok(store().append_event(make_event(EventType::kLoginFailed)));
  ok(store().advance_event_cursor("a", 1));
  ok(store().advance_event_cursor("b", 0));
  EXPECT_EQ(ok(store().load_event_cursor("a")).passed, 1u);
  EXPECT_EQ(ok(store().load_event_cursor("b")).passed, 0u);
  EXPECT_FALSE(ok(store().load_event_cursor("c")).passed);
  EXPECT_EQ(ok(store().load_event_cursor("c")).head, 2u);
}

TEST_P(StoreContract, AnEventCursorNeverMovesBackAndOutlivesARestart) {
  ok(store().advance_event_cursor("a", 7));
  ok(store().advance_event_cursor("a", 6));
  EXPECT_EQ(ok(store().load_event_cursor("a")).passed, 7u);
  reopen();
  EXPECT_EQ(ok(store().load_event_cursor("a")).passed, 7u);
}

TEST_P(StoreContract, TheHeadOfTheEventsStaysWhereItIsWhenTheyArePurged) {
  for (int i = 0; i < 3; ++i) ok(store().append_event(make_event(EventType::kLoginFailed)));
  ok(store().purge(wall(kTestNow + 1) + kEventRetention, 100));
  EXPECT_TRUE(all_events().empty());
  EXPECT_EQ(ok(store().load_event_cursor("a")).head, 3u);
  reopen();
  EXPECT_EQ(ok(store().load_event_cursor("a")).head, 3u);
}

TEST_P(StoreContract, ARestartFindsEverything) {
  add_user("alice", 1);
  add_session(2, "bob");
  add_session(3, "bob");
  ok(store().rotate_refresh(make_rotation(2, 1)));
  ok(store().revoke_session(make_session_revocation(3)));
  const auto raised = std::get<TokenVersionRaised>(ok(store().raise_token_version(make_version_raise("alice"))));
  const auto revocations = all_revocations();
  const auto events = all_events().size();
  reopen();
  EXPECT_EQ(all_revocations(), revocations);
  EXPECT_EQ(all_events().size(), events);
  EXPECT_EQ(load_session(1).user.token_version, raised.user.token_version);
  EXPECT_EQ(load_session(2).session.generation, 2u);
  EXPECT_TRUE(load_session(3).session.ended);
  EXPECT_TRUE(std::holds_alternative<NotRotated>(ok(store().rotate_refresh(make_rotation(2, 1)))));
  expect_same(ok(store().find_user_by_email(EmailKey{"alice@example.com"})).value(), raised.user);
}

}  // namespace
}  // namespace rescind
