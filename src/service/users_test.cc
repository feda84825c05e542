#include "service/users.h"

#include <gtest/gtest.h>

#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

class UsersTest : public testing::Test {
 protected:
  Actor admin() { return {"192.0.2.1", std::nullopt}; }
  Users users() { return Users(service_.failing, service_.revocations(), service_.clock); }
  Result<User> give_roles(std::vector<std::string> roles) {
    return run(users().change(UserId{"ada"}, {std::nullopt, std::move(roles)}, admin()));
  }
  std::vector<std::string> roles_of(const TokenPair& pair) {
    const auto token = service_.parts->check.check(pair.access_token);
    return {token->claims().roles.begin(), token->claims().roles.end()};
  }

  ServiceUnderTest service_;
};

TEST_F(UsersTest, ARoleThatIsTakenAwayIsRefusedAndARefreshGivesWhatIsLeft) {
  TokenPair pair = service_.adopt("ada");
  ASSERT_TRUE(give_roles({"admin", "editor"}));
  EXPECT_EQ(service_.refusal(pair), ErrorCode::kTokenRevoked);
  pair = *service_.refresh(pair);
  EXPECT_EQ(roles_of(pair), (std::vector<std::string>{"admin", "editor"}));
  for (const std::vector<std::string>& fewer : {std::vector<std::string>{"editor"}, {}}) {
    ASSERT_TRUE(give_roles(fewer));
    EXPECT_EQ(service_.refusal(pair), ErrorCode::kTokenRevoked);
    pair = *service_.refresh(pair);
    EXPECT_EQ(roles_of(pair), fewer);
  }
}

TEST_F(UsersTest, TheSameRolesRevokeNothing) {
  ASSERT_TRUE(service_.adopt("ada").user.roles.empty());
  ASSERT_TRUE(give_roles({"editor"}));
  const TokenPair pair = service_.adopt("ada");
  ASSERT_TRUE(give_roles({"editor"}));
  EXPECT_TRUE(service_.is_good(pair));
}

TEST_F(UsersTest, AChangeWhoseAnswerIsLostMayBeSentAgain) {
  const TokenPair pair = service_.adopt("ada");
  service_.failing.fail_call(2, FailureSide::kAfter);  // the first one looks for the roles that are there
  EXPECT_EQ(give_roles({"editor"}).error().code, ErrorCode::kStoreUnavailable);
  service_.pass_time(std::chrono::milliseconds(1000));  // the lease takes up what was committed
  EXPECT_EQ(service_.refusal(pair), ErrorCode::kTokenRevoked);
  EXPECT_EQ(give_roles({"editor"})->roles, std::vector<std::string>{"editor"});
  EXPECT_EQ(roles_of(*service_.refresh(pair)), std::vector<std::string>{"editor"});
}

TEST_F(UsersTest, ADeletedUsersTokensAreRefusedAlsoWhereTheAnswerWasLost) {
  for (const FailureSide side : {FailureSide::kBefore, FailureSide::kAfter}) {
    const TokenPair pair = service_.adopt("ada");
    service_.failing.fail_call(1, side);
    EXPECT_EQ(run(users().remove(UserId{"ada"}, admin())).error().code, ErrorCode::kStoreUnavailable);
    const Result<void> again = run(users().remove(UserId{"ada"}, admin()));
    EXPECT_EQ(again.has_value(), side == FailureSide::kBefore);
    EXPECT_EQ(service_.refusal(pair), ErrorCode::kTokenRevoked);
    EXPECT_FALSE(service_.refresh(pair));
  }
}

TEST_F(UsersTest, AUserWhoComesBackAfterADeletionHasTokensThatAreGood) {
  const TokenPair old = service_.adopt("ada");
  ASSERT_TRUE(run(users().remove(UserId{"ada"}, admin())));
  const TokenPair pair = service_.adopt("ada");
  EXPECT_TRUE(service_.is_good(pair));
  EXPECT_EQ(service_.refusal(old), ErrorCode::kTokenRevoked);
}

TEST_F(UsersTest, AnExportPagesThroughAllEventsUpToItsBound) {
  service_.adopt("ada");
  EventDraft event{EventType::kLoginFailed, UserId{"ada"}, std::nullopt, "192.0.2.7", service_.clock.wall_now(), {}};
  for (std::size_t i = 0; i < 2500; ++i) ASSERT_TRUE(run(service_.failing.append_event(event)));
  UserExport all = *run(users().collect(UserId{"ada"}));
  EXPECT_EQ(all.events.size(), 2501u);
  EXPECT_EQ(all.events_go_on_after, std::nullopt);
  for (std::size_t i = 0; i < kMaxExportedEvents; ++i) ASSERT_TRUE(run(service_.failing.append_event(event)));
  all = *run(users().collect(UserId{"ada"}));
  EXPECT_EQ(all.events.size(), kMaxExportedEvents);
  EXPECT_EQ(all.events_go_on_after, all.events.back().seq);
}

}  // namespace
}  // namespace rescind
