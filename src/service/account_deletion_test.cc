#include "service/account_deletion.h"

#include <gtest/gtest.h>

#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

using namespace std::chrono_literals;

class AccountDeletionTest : public testing::Test {
 protected:
  AccountDeletionTest() {
    SignUp request{"ada@example.com", Secret("correct horse"), "Ada", {"device", "agent", "192.0.2.7"}};
    ada_ = run(service_.sessions().sign_up(std::move(request))).value().pair.value();
  }

  ErrorCode remove(std::chrono::seconds ago, std::optional<Secret> password = std::nullopt) {
    Users users(service_.failing, service_.revocations(), service_.parts->clock);
    Reauthentication reauthentication(service_.failing, service_.passwords(), service_.parts->clock);
    AccountDeletion deletion(15min, reauthentication, users);
    const WallTime log_in = service_.parts->clock.wall_now() - ago;
    const auto removed = run(deletion.remove({ada_.user.id, log_in, std::move(password), "192.0.2.7"}));
    return removed ? ErrorCode::kInternal : removed.error().code;
  }
  bool is_there() { return run(service_.failing.find_user(ada_.user.id))->has_value(); }
  std::vector<Event> events(EventType type) { return *run(service_.failing.list_events({.type = type})); }

  ServiceUnderTest service_;
  TokenPair ada_;
};

TEST_F(AccountDeletionTest, WhoHasJustSignedInNeedsNoPasswordAndNothingIsLeft) {
  TokenPair other = *run(service_.sessions().log_in({"ada@example.com", Secret("correct horse"), {}}));
  EXPECT_EQ(remove(15min), ErrorCode::kInternal);
  EXPECT_FALSE(is_there());
  for (const TokenPair* pair : {&ada_, &other}) {
    EXPECT_EQ(service_.refusal(*pair), ErrorCode::kTokenRevoked);
    EXPECT_FALSE(service_.refresh(*pair));
  }
  ASSERT_EQ(events(EventType::kUserDeleted).size(), 1U);
  EXPECT_EQ(events(EventType::kUserDeleted)[0].draft.by, "") << "nobody but the user";
  EXPECT_EQ(remove(0s), ErrorCode::kNotFound);
}

TEST_F(AccountDeletionTest, AnOldSessionNeedsThePasswordAndGuessesCount) {
  EXPECT_EQ(remove(15min + 1s), ErrorCode::kReauthenticationRequired);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(remove(1h, Secret("wrong horse")), ErrorCode::kInvalidCredentials);
  EXPECT_EQ(remove(1h, Secret("correct horse")), ErrorCode::kTooManyAttempts);
  EXPECT_TRUE(is_there());
  EXPECT_EQ(events(EventType::kLoginFailed).front().draft.detail, "deletion of the account");
  service_.pass_time(1min);
  EXPECT_EQ(remove(1h, Secret("correct horse")), ErrorCode::kInternal);
  EXPECT_FALSE(is_there());
}

TEST_F(AccountDeletionTest, AWrongPasswordIsNotMadeGoodByARecentLogIn) {
  EXPECT_EQ(remove(0s, Secret("wrong horse")), ErrorCode::kInvalidCredentials);
  EXPECT_TRUE(is_there());
}

}  // namespace
}  // namespace rescind
