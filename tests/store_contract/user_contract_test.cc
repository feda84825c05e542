// Users: sign-up, look-up, renaming.
#include "tests/store_contract/store_contract.h"

namespace rescind {
namespace {

TEST_P(StoreContract, SignUpMakesUserAndFirstSessionTogether) {
  const User user = make_user("alice");
  const Session session = make_session(1, "alice");
  const auto outcome =
      ok(store().create_user({user, EmailKey{"alice@example.com"}, session, make_event(EventType::kUserSignedUp, "alice")}));
  expect_same(std::get<UserCreated>(outcome).user, user);
  expect_same(std::get<UserCreated>(outcome).session.value(), session);
  expect_same(load_session(1).user, user);
  expect_same(load_session(1).session, session);
  ASSERT_EQ(all_events().size(), 1u);
  EXPECT_EQ(all_events()[0].draft.type, EventType::kUserSignedUp);
}

TEST_P(StoreContract, TakenEmailMakesNothing) {
  add_user("alice", 1);
  const auto outcome = ok(store().create_user({make_user("mallory"), EmailKey{"alice@example.com"}, make_session(2, "mallory"),
                                               make_event(EventType::kUserSignedUp, "mallory")}));
  EXPECT_TRUE(std::holds_alternative<EmailTaken>(outcome));
  EXPECT_FALSE(ok(store().find_user(UserId{"mallory"})));
  EXPECT_FALSE(ok(store().find_session(session_id(2))));
  EXPECT_EQ(all_events().size(), 1u);
}

TEST_P(StoreContract, SignUpSentAgainFindsWhatTheFirstOneDid) {
  add_user("alice", 1);
  const auto again = ok(store().create_user({make_user("alice"), EmailKey{"alice@example.com"}, make_session(1, "alice"),
                                             make_event(EventType::kUserSignedUp, "alice")}));
  ASSERT_TRUE(std::holds_alternative<UserCreated>(again));
  expect_same(std::get<UserCreated>(again).session.value(), make_session(1, "alice"));
  EXPECT_EQ(all_events().size(), 1u);
  EXPECT_EQ(ok(store().list_sessions(UserId{"alice"})).size(), 1u);
}

TEST_P(StoreContract, SignUpNeverTakesOverAnExistingUserId) {
  add_session(1, "alice");
  const auto outcome = run(store().create_user({make_user("alice"), EmailKey{"alice@example.com"}, make_session(2, "alice"),
                                                make_event(EventType::kUserSignedUp, "alice")}));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, ErrorCode::kInternal);
  EXPECT_FALSE(ok(store().find_session(session_id(2))));
}

TEST_P(StoreContract, ASignUpMayMakeAUserWithoutASession) {
  const EmailKey email{"alice@example.com"};
  const EventDraft event = make_event(EventType::kUserSignedUp, "alice");
  const auto outcome = ok(store().create_user({make_user("alice"), email, std::nullopt, event}));
  expect_same(std::get<UserCreated>(outcome).user, make_user("alice"));
  EXPECT_FALSE(std::get<UserCreated>(outcome).session);
  EXPECT_TRUE(ok(store().list_sessions(UserId{"alice"})).empty());
  EXPECT_EQ(all_events().size(), 1u);
  EXPECT_TRUE(std::holds_alternative<EmailTaken>(ok(store().create_user({make_user("alice"), email, std::nullopt, event}))));
  EXPECT_EQ(all_events().size(), 1u);
}

TEST_P(StoreContract, AnImportedUserIsThereWithEverythingAndWithoutASession) {
  User user = make_user("alice");
  user.email_verified_at = user.created_at;
  const EmailKey email{"alice@example.com"};
  const auto outcome = ok(store().import_user(user, email, make_event(EventType::kUserImported, "alice")));
  expect_same(std::get<User>(outcome), user);
  expect_same(*ok(store().find_user_by_email(email)), user);
  EXPECT_TRUE(ok(store().list_sessions(UserId{"alice"})).empty());
  EXPECT_EQ(all_events().size(), 1u);
  const auto again = ok(store().import_user(user, email, make_event(EventType::kUserImported, "alice")));
  EXPECT_TRUE(std::holds_alternative<User>(again)) << "sent again, it finds what the first one did";
  EXPECT_EQ(all_events().size(), 1u);
}

TEST_P(StoreContract, AnImportedUserTakesNobodysEmail) {
  add_user("alice", 1);
  const auto outcome = ok(store().import_user(make_user("mallory"), EmailKey{"alice@example.com"},
                                              make_event(EventType::kUserImported, "mallory")));
  EXPECT_TRUE(std::holds_alternative<EmailTaken>(outcome));
  EXPECT_FALSE(ok(store().find_user(UserId{"mallory"})));
}

TEST_P(StoreContract, OneOfManyConcurrentSignUpsWithOneEmailWins) {
  std::vector<Task<Result<CreateUserOutcome>>> tasks;
  for (std::uint64_t i = 0; i < 32; ++i) {
    const std::string id = "user" + std::to_string(i);
    tasks.push_back(store().create_user(
        {make_user(id), EmailKey{"same@example.com"}, make_session(i, id), make_event(EventType::kUserSignedUp, id)}));
  }
  int made = 0;
  for (const auto& outcome : run_all(std::move(tasks), 4)) made += std::holds_alternative<UserCreated>(*outcome) ? 1 : 0;
  EXPECT_EQ(made, 1);
  EXPECT_EQ(all_events().size(), 1u);
}

TEST_P(StoreContract, UserIsFoundByIdAndByEmailKey) {
  add_user("alice", 1);
  expect_same(ok(store().find_user(UserId{"alice"})).value(), make_user("alice"));
  expect_same(ok(store().find_user_by_email(EmailKey{"alice@example.com"})).value(), make_user("alice"));
  EXPECT_FALSE(ok(store().find_user(UserId{"bob"})));
  EXPECT_FALSE(ok(store().find_user_by_email(EmailKey{"bob@example.com"})));
  EXPECT_FALSE(ok(store().find_user_by_email(EmailKey{""})));
}

TEST_P(StoreContract, UsersWithoutEmailDoNotCollide) {
  add_session(1, "alice");
  add_session(2, "bob");
  EXPECT_EQ(ok(store().find_user(UserId{"alice"}))->email, "");
  EXPECT_FALSE(ok(store().find_user_by_email(EmailKey{""})));
}

TEST_P(StoreContract, RenamingWritesAnEventOnlyWhereTheNameChanges) {
  add_user("alice", 1);
  const auto renamed =
      ok(store().change_user(UserId{"alice"}, {.name = "New"}, make_event(EventType::kProfileChanged, "alice")));
  EXPECT_EQ(std::get<User>(renamed).name, "New");
  EXPECT_EQ(all_events().size(), 2u);
  const auto again = ok(store().change_user(UserId{"alice"}, {.name = "New"}, make_event(EventType::kProfileChanged, "alice")));
  EXPECT_EQ(std::get<User>(again).name, "New");
  EXPECT_EQ(all_events().size(), 2u);
  const auto nobody = ok(store().change_user(UserId{"bob"}, {.name = "New"}, make_event(EventType::kProfileChanged, "bob")));
  EXPECT_TRUE(std::holds_alternative<UserNotFound>(nobody));
  EXPECT_EQ(all_events().size(), 2u);
  EXPECT_EQ(ok(store().find_user(UserId{"alice"}))->name, "New");
}

// A NUL in a user id, a name or an e-mail address must not make it equal to the text before the NUL.
TEST_P(StoreContract, NulByteNeverCollidesWithTheTruncatedForm) {
  const std::string with_nul("admin\0", 6);
  const std::string with_more("admin\0x", 7);
  add_user("admin", 1);
  add_user(with_nul, 2);
  add_user(with_more, 3);
  EXPECT_EQ(ok(store().find_user(UserId{with_nul}))->id.text, with_nul);
  EXPECT_EQ(ok(store().find_user(UserId{"admin"}))->id.text, "admin");
  EXPECT_EQ(ok(store().find_user_by_email(EmailKey{with_more + "@example.com"}))->id.text, with_more);
  EXPECT_EQ(load_session(2).user.name, "Name of " + with_nul);

  ok(store().raise_token_version(make_version_raise(with_nul)));
  EXPECT_EQ(ok(store().find_user(UserId{"admin"}))->token_version, 1);
  EXPECT_EQ(ok(store().list_sessions(UserId{"admin"})).size(), 1u);
  EXPECT_EQ(ok(store().list_sessions(UserId{with_nul})).size(), 0u);
  EXPECT_EQ(ok(store().list_sessions(UserId{with_more})).size(), 1u);
  EXPECT_EQ(ok(store().list_events({.user = UserId{with_nul}})).size(), 2u);
  EXPECT_EQ(ok(store().list_events({.user = UserId{"admin"}})).size(), 1u);
}

// Ids are bytes: neither case nor Unicode normal forms nor broken UTF-8 make two of them one.
TEST_P(StoreContract, UserIdsAreComparedAsBytes) {
  const std::vector<std::string> ids = {
      "k", "K", "\xE2\x84\xAA", "\xC3\xA9", "e\xCC\x81", "\xED\xA0\x80", "\xFF", "'; DROP TABLE users; --"};
  std::uint64_t number = 0;
  for (const auto& id : ids) add_user(id, ++number);
  for (const auto& id : ids) {
    EXPECT_EQ(ok(store().find_user(UserId{id}))->id.text, id);
    EXPECT_EQ(ok(store().list_sessions(UserId{id})).size(), 1u);
  }
}

}  // namespace
}  // namespace rescind
