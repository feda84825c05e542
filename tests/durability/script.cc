#include "tests/durability/script.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

#include "tests/testing/run_task.h"
#include "tests/testing/store_values.h"

namespace rescind {
namespace {

constexpr std::int64_t kPurgedAt = kTestNow + 300;

template <class T>
T ok(Task<Result<T>> task) {
  Result<T> result = run(std::move(task));
  if (!result) ADD_FAILURE() << result.error().message;
  return result ? std::move(*result) : T{};
}

std::size_t count_events(Store& store, EventType type) {
  EventFilter filter;
  filter.type = type;
  filter.limit = 1000;
  return ok(store.list_events(filter)).size();
}

bool has_revocation(Store& store, const RevocationKey& key) {
  const auto rows = ok(store.list_revocations(0, 1000));
  return std::any_of(rows.begin(), rows.end(), [&](const Revocation& row) { return row.key == key; });
}

Step sign_up() {
  return {"sign up",
          [](Store& store) {
            return run(store.create_user({make_user("alice"), EmailKey{"alice@example.com"}, make_session(1, "alice"),
                                          make_event(EventType::kUserSignedUp, "alice")}))
                .has_value();
          },
          [](Store& store) {
            EXPECT_TRUE(ok(store.find_session(session_id(1))));
            EXPECT_TRUE(ok(store.find_user_by_email(EmailKey{"alice@example.com"})));
          }};
}

Step start_session(std::uint64_t number, const std::string& user) {
  return {"start session " + std::to_string(number),
          [=](Store& store) { return run(store.create_session(make_creation(make_session(number, user)))).has_value(); },
          [=](Store& store) { EXPECT_TRUE(ok(store.find_session(session_id(number)))); }};
}

Step rotate(std::uint64_t number, std::uint64_t expected) {
  auto rotated = std::make_shared<bool>(false);
  return {"rotate session " + std::to_string(number) + " from " + std::to_string(expected),
          [=](Store& store) {
            const auto outcome = run(store.rotate_refresh(make_rotation(number, expected)));
            *rotated = outcome && std::holds_alternative<SessionAndUser>(*outcome);
            return outcome.has_value();
          },
          [=](Store& store) {
            if (!*rotated) return;
            const auto found = ok(store.find_session(session_id(number)));
            ASSERT_TRUE(found);
            EXPECT_GT(found->session.generation, expected) << "a rotated generation has come back";
          }};
}

Step revoke(std::uint64_t number) {
  auto ended = std::make_shared<bool>(false);
  const RevokeSession change = make_session_revocation(number);
  return {"revoke session " + std::to_string(number),
          [=](Store& store) {
            const auto outcome = run(store.revoke_session(change));
            *ended = outcome && !std::holds_alternative<SessionNotFound>(*outcome);
            return outcome.has_value();
          },
          [=](Store& store) {
            if (!*ended) return;
            const auto found = ok(store.find_session(session_id(number)));
            ASSERT_TRUE(found);
            EXPECT_TRUE(found->session.ended);
            EXPECT_TRUE(has_revocation(store, change.revocation.key));
          }};
}

Step raise_version(const std::string& user, std::uint64_t session) {
  auto version = std::make_shared<std::int64_t>(0);
  return {"sign " + user + " out everywhere",
          [=](Store& store) {
            const auto outcome = run(store.raise_token_version(make_version_raise(user)));
            const auto* raised = outcome ? std::get_if<TokenVersionRaised>(&*outcome) : nullptr;
            *version = raised ? raised->user.token_version : 0;
            return outcome.has_value();
          },
          [=](Store& store) {
            if (*version == 0) return;
            const auto found = ok(store.find_session(session_id(session)));
            ASSERT_TRUE(found);
            EXPECT_GE(found->user.token_version, *version);
            EXPECT_TRUE(found->session.ended);
            EXPECT_TRUE(has_revocation(store, make_version_raise(user).revocation.key));
          }};
}

Step revoke_token() {
  const RevocationDraft draft = make_revocation(RevocationKind::kToken, "token");
  return {"revoke a token",
          [=](Store& store) { return run(store.add_revocation(draft, make_event(EventType::kRevocationAdded))).has_value(); },
          [=](Store& store) { EXPECT_TRUE(has_revocation(store, draft.key)); }};
}

Step rename() {
  auto found = std::make_shared<bool>(false);
  return {"rename",
          [=](Store& store) {
            const auto outcome =
                run(store.change_user(UserId{"alice"}, {.name = "New"}, make_event(EventType::kProfileChanged, "alice")));
            *found = outcome && std::holds_alternative<User>(*outcome);
            return outcome.has_value();
          },
          [=](Store& store) {
            if (!*found) return;
            EXPECT_EQ(ok(store.find_user(UserId{"alice"}))->name, "New");
          }};
}

Step purge() {
  return {"purge", [](Store& store) { return run(store.purge(wall(kPurgedAt), 100)).has_value(); },
          [](Store& store) { EXPECT_EQ(ok(store.load_state()).horizon, at_second(kPurgedAt)); }};
}

Step raise_lifetime() {
  return {"raise the longest lifetime",
          [](Store& store) { return run(store.raise_longest_token_lifetime(std::chrono::seconds(900))).has_value(); },
          [](Store& store) { EXPECT_EQ(ok(store.load_state()).longest_token_lifetime.count(), 900); }};
}

Step list_all() {
  return {"list",
          [](Store& store) {
            return run(store.list_sessions(UserId{"alice"})).has_value() && run(store.list_revocations(0, 100)).has_value();
          },
          [](Store&) {}};
}

}  // namespace

std::vector<Step> make_script() {
  return {raise_lifetime(),
          sign_up(),
          start_session(2, "alice"),
          start_session(3, "bob"),
          rotate(1, 1),
          rotate(1, 2),
          revoke(2),
          list_all(),
          revoke_token(),
          raise_version("bob", 3),
          rename(),
          rotate(2, 1),
          rotate(1, 3),
          purge(),
          revoke(1),
          list_all()};
}

std::vector<const Step*> play(const std::vector<Step>& script, Store& store, int retries) {
  std::vector<const Step*> acknowledged;
  for (const Step& step : script) {
    for (int attempt = 0; attempt <= retries; ++attempt) {
      if (!step.act(store)) continue;
      acknowledged.push_back(&step);
      break;
    }
  }
  return acknowledged;
}

void check_invariants(Store& store) {
  std::size_t sessions = 0;
  std::size_t revoked = 0;
  for (std::uint64_t number = 1; number <= 3; ++number) {
    const auto found = ok(store.find_session(session_id(number)));
    const bool is_revoked = found && found->session.ended && found->session.ended->reason == EndReason::kSignedOut;
    EXPECT_EQ(is_revoked, has_revocation(store, make_session_revocation(number).revocation.key)) << "session " << number;
    sessions += found ? 1 : 0;
    revoked += is_revoked ? 1 : 0;
  }
  EXPECT_EQ(sessions, count_events(store, EventType::kUserSignedUp) + count_events(store, EventType::kSessionCreated));
  EXPECT_EQ(revoked, count_events(store, EventType::kSessionRevoked));

  const auto bob = ok(store.find_user(UserId{"bob"}));
  const auto raises = count_events(store, EventType::kSignedOutEverywhere);
  EXPECT_EQ(bob ? bob->token_version : 1, static_cast<std::int64_t>(raises) + 1);
  EXPECT_EQ(raises > 0, has_revocation(store, make_version_raise("bob").revocation.key));

  const auto alice = ok(store.find_user(UserId{"alice"}));
  EXPECT_EQ(alice && alice->name == "New", count_events(store, EventType::kProfileChanged) == 1);
  EXPECT_EQ(alice.has_value(), count_events(store, EventType::kUserSignedUp) == 1);

  const auto rows = ok(store.list_revocations(0, 1000));
  EXPECT_EQ(ok(store.load_state()).head, rows.empty() ? 0 : rows.back().seq);
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_LT(rows[i - 1].seq, rows[i].seq);
}

}  // namespace rescind
