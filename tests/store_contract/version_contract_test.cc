// Raising a user's token version: sign-out everywhere.
#include "tests/store_contract/store_contract.h"

namespace rescind {
namespace {

TEST_P(StoreContract, RaisingTheVersionEndsAllSessionsOfTheUserAndOfNobodyElse) {
  add_user("alice", 1);
  add_session(2, "alice");
  add_session(3, "bob");
  const auto outcome = ok(store().raise_token_version(make_version_raise("alice")));
  const auto raised = std::get<TokenVersionRaised>(outcome);
  EXPECT_EQ(raised.user.token_version, 2);
  EXPECT_EQ(raised.user.name, "Name of alice");
  EXPECT_FALSE(raised.kept);
  EXPECT_EQ(raised.revocation.kind, RevocationKind::kUser);
  EXPECT_EQ(raised.revocation.value, 2);
  EXPECT_EQ(raised.revocation.key, make_version_raise("alice").revocation.key);
  EXPECT_EQ(all_revocations(), std::vector{raised.revocation});

  EXPECT_EQ(load_session(1).session.ended->reason, EndReason::kLogOutAll);
  EXPECT_EQ(load_session(2).session.ended->at, wall(kTestNow + 100));
  EXPECT_FALSE(load_session(3).session.ended);
  EXPECT_EQ(load_session(3).user.token_version, 1);
  EXPECT_TRUE(ok(store().list_sessions(UserId{"alice"})).empty());
  EXPECT_EQ(all_events().back().draft.type, EventType::kSignedOutEverywhere);
}

TEST_P(StoreContract, TheKeptSessionDoesNotEnd) {
  add_session(1, "alice");
  add_session(2, "alice");
  const auto outcome = ok(store().raise_token_version(make_version_raise("alice", session_id(2))));
  const auto raised = std::get<TokenVersionRaised>(outcome);
  ASSERT_TRUE(raised.kept);
  Session kept = make_session(2, "alice");
  kept.generation = 2;  // so that who holds the old refresh token is found out
  kept.generation_at = kept.last_used_at = wall(kTestNow + 100);
  expect_same(*raised.kept, kept);
  EXPECT_TRUE(load_session(1).session.ended);
  EXPECT_FALSE(load_session(2).session.ended);
}

TEST_P(StoreContract, AChangeOfRolesRaisesTheVersionAndMayLeaveTheSessions) {
  add_user("alice", 1);
  add_session(2, "alice");
  RaiseTokenVersion change = make_version_raise("alice");
  change.change.roles = {"reader"};
  change.others = OtherSessions::kStaySignedIn;
  const auto raised = std::get<TokenVersionRaised>(ok(store().raise_token_version(change)));
  EXPECT_EQ(raised.user.roles, std::vector<std::string>{"reader"});
  EXPECT_EQ(raised.user.token_version, 2);
  EXPECT_EQ(raised.user.name, "Name of alice");
  EXPECT_EQ(raised.revocation.value, 2);
  EXPECT_FALSE(raised.kept);
  expect_same(load_session(1).session, make_session(1, "alice"));
  EXPECT_EQ(load_session(2).user, raised.user);
  const auto rotated = ok(store().rotate_refresh(make_rotation(2, 1, kTestNow + 200)));
  EXPECT_EQ(std::get<SessionAndUser>(rotated).user, raised.user);
}

TEST_P(StoreContract, AUserMadeAnewAfterADeletionHasTokensThatAreGood) {
  CreateSession creation = make_creation(make_session(1, "alice"));
  creation.limit.issuer = "https://issuer";
  ok(store().create_session(creation));
  ok(store().raise_token_version(make_version_raise("alice")));
  const DeleteUser deletion{UserId{"alice"}, make_version_raise("alice").revocation,
                            make_event(EventType::kUserDeleted, "alice")};
  const Revocation gone = std::get<Revocation>(ok(store().delete_user(deletion)));
  EXPECT_EQ(gone.value, 3);
  CreateSession again = make_creation(make_session(2, "alice"));
  again.limit.issuer = "https://issuer";
  EXPECT_EQ(std::get<SessionCreated>(ok(store().create_session(again))).subject.user.token_version, gone.value);
  EXPECT_EQ(load_session(2).user.token_version, gone.value);
}

TEST_P(StoreContract, TheSessionOfAnotherUserIsNotKept) {
  add_session(1, "alice");
  add_session(2, "bob");
  const auto outcome = ok(store().raise_token_version(make_version_raise("alice", session_id(2))));
  EXPECT_FALSE(std::get<TokenVersionRaised>(outcome).kept);
  EXPECT_TRUE(load_session(1).session.ended);
  EXPECT_FALSE(load_session(2).session.ended);
}

TEST_P(StoreContract, ASessionThatHasEndedIsNotKept) {
  add_session(1, "alice");
  ok(store().revoke_session(make_session_revocation(1, kTestNow + 50)));
  const auto outcome = ok(store().raise_token_version(make_version_raise("alice", session_id(1))));
  EXPECT_FALSE(std::get<TokenVersionRaised>(outcome).kept);
  EXPECT_EQ(load_session(1).session.ended->at, wall(kTestNow + 50));
  EXPECT_EQ(load_session(1).session.ended->reason, EndReason::kSignedOut);
}

TEST_P(StoreContract, EachRaiseGivesTheOneRowAHigherValueAndANewSeq) {
  add_session(1, "alice");
  const auto first = std::get<TokenVersionRaised>(ok(store().raise_token_version(make_version_raise("alice"))));
  auto change = make_version_raise("alice", std::nullopt, kTestNow + 50);  // the store has seen a later moment
  const auto second = std::get<TokenVersionRaised>(ok(store().raise_token_version(change)));
  EXPECT_EQ(second.revocation.value, 3);
  EXPECT_GT(second.revocation.seq, first.revocation.seq);
  EXPECT_EQ(second.revocation.expires, first.revocation.expires);
  EXPECT_EQ(all_revocations(), std::vector{second.revocation});
}

TEST_P(StoreContract, RaisingTheVersionOfAnUnknownUserChangesNothing) {
  EXPECT_TRUE(std::holds_alternative<UserNotFound>(ok(store().raise_token_version(make_version_raise("alice")))));
  EXPECT_TRUE(all_revocations().empty());
  EXPECT_TRUE(all_events().empty());
}

// A session that is made while the user signs out everywhere is either ended by that, or knows the new version.
TEST_P(StoreContract, ASessionNeverOutlivesTheVersionThatItsCreationSaw) {
  add_session(1'000'000, "alice");
  for (std::uint64_t round = 1; round <= 50; ++round) {
    std::vector<Task<Result<CreateSessionOutcome>>> tasks;
    for (std::uint64_t i = 0; i < 8; ++i) {
      tasks.push_back(store().create_session(make_creation(make_session(round * 100 + i, "alice"), MissingUser::kRefuse)));
    }
    Result<RaiseTokenVersionOutcome> raised = fail(ErrorCode::kInternal, "not run");
    std::vector<Result<CreateSessionOutcome>> made;
    {
      std::jthread other([&] { raised = run(store().raise_token_version(make_version_raise("alice"))); });
      made = run_all(std::move(tasks), 2);
    }
    const std::int64_t version = std::get<TokenVersionRaised>(*raised).user.token_version;
    for (const auto& outcome : made) {
      const auto& [session, user] = std::get<SessionCreated>(*outcome).subject;
      const auto now = ok(store().find_session(session.id));
      EXPECT_EQ(now->session.ended.has_value(), user.token_version < version);
    }
  }
}

}  // namespace
}  // namespace rescind
