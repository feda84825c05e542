// The suite that every store passes: each sentence of store/store.h is a test, run once for each store.
//
// A new store joins with a StoreHarness in instances.cc and nothing else.
#ifndef RESCIND_TESTS_STORE_CONTRACT_STORE_CONTRACT_H_
#define RESCIND_TESTS_STORE_CONTRACT_STORE_CONTRACT_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "store/store.h"
#include "tests/testing/run_task.h"
#include "tests/testing/store_values.h"

namespace rescind {

class StoreHarness {
 public:
  virtual ~StoreHarness() = default;
  virtual Store& store() = 0;
  virtual void reopen() = 0;  // as a restart of the process would
};

struct StoreFactory {
  std::string name;
  std::unique_ptr<StoreHarness> (*make)();
};
std::ostream& operator<<(std::ostream& out, const StoreFactory& factory);

class StoreContract : public ::testing::TestWithParam<StoreFactory> {
 protected:
  StoreContract() : harness_(GetParam().make()) {}

  Store& store() { return harness_->store(); }
  void reopen() { harness_->reopen(); }

  // The next ones fail the test where the store does.
  template <class T>
  T ok(Task<Result<T>> task) {
    Result<T> result = run(std::move(task));
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return std::move(result).value();
  }
  void ok(Task<Result<void>> task) { EXPECT_TRUE(run(std::move(task)).has_value()); }

  void add_user(const std::string& user, std::uint64_t session_number) {
    const auto outcome =
        ok(store().create_user({make_user(user), EmailKey{user + "@example.com"}, make_session(session_number, user),
                                make_event(EventType::kUserSignedUp, user)}));
    EXPECT_TRUE(std::holds_alternative<UserCreated>(outcome));
  }
  SessionAndUser add_session(std::uint64_t number, const std::string& user, std::int64_t created = kTestNow) {
    const auto outcome = ok(store().create_session(make_creation(make_session(number, user, created))));
    return std::get<SessionCreated>(outcome).subject;
  }
  // In answer to a challenge of its own.
  AddPasskeyOutcome add_passkey(const UserPasskey& passkey) {
    const ChallengeId answered = make_registration_challenge(passkey);
    return ok(store().add_passkey({passkey, answered, make_event(EventType::kPasskeyAdded, passkey.user.text)}));
  }
  ChallengeId make_registration_challenge(const UserPasskey& passkey) {
    const auto user = ok(store().find_user(passkey.user));
    Challenge challenge{{}, ChallengePurpose::kRegisterPasskey,          passkey.user, 1,
                        {}, passkey.created_at + std::chrono::minutes(5)};
    challenge.id.bytes = {0x9a, passkey.passkey.id.front()};
    if (user) challenge.token_version = user->token_version;
    if (user) ok(store().create_challenge(challenge));
    return challenge.id;
  }
  SessionAndUser load_session(std::uint64_t number) { return ok(store().find_session(session_id(number))).value(); }
  std::vector<Event> all_events() { return ok(store().list_events({.limit = 1'000'000})); }
  std::vector<Revocation> all_revocations() { return ok(store().list_revocations(0, 1'000'000)); }

 private:
  std::unique_ptr<StoreHarness> harness_;
};

void expect_same(const User& a, const User& b);
void expect_same(const Session& a, const Session& b);

}  // namespace rescind

#endif  // RESCIND_TESTS_STORE_CONTRACT_STORE_CONTRACT_H_
