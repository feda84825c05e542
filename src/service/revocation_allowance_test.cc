#include "service/revocation_allowance.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

constexpr std::chrono::seconds kWindow{900};
const SteadyTime kStart{std::chrono::hours(1)};

bool take(RevocationAllowance& allowance, const std::string& user, SteadyTime now = kStart) {
  if (allowance.is_used_up(UserId{user}, now, kWindow)) return false;
  allowance.count(UserId{user}, now, kWindow);
  return true;
}

int take_all(RevocationAllowance& allowance, const std::string& user) {
  int taken = 0;
  while (taken < 5000 && take(allowance, user)) ++taken;
  return taken;
}

TEST(RevocationAllowance, OneUserHasSoManyInAWindowAndThenNone) {
  RevocationAllowance allowance({});
  EXPECT_EQ(take_all(allowance, "mallory"), static_cast<int>(kMaxOwnRevocations));
  EXPECT_FALSE(take(allowance, "mallory", kStart + kWindow - std::chrono::milliseconds(1)));
  EXPECT_TRUE(take(allowance, "mallory", kStart + kWindow));
}

TEST(RevocationAllowance, SaysHowManyAreLeft) {
  RevocationAllowance allowance({});
  EXPECT_EQ(allowance.left(UserId{"mallory"}, kStart, kWindow), kMaxOwnRevocations);
  take(allowance, "mallory");
  EXPECT_EQ(allowance.left(UserId{"mallory"}, kStart, kWindow), kMaxOwnRevocations - 1);
  take_all(allowance, "mallory");
  allowance.count(UserId{"mallory"}, kStart, kWindow);  // one that was under way
  EXPECT_EQ(allowance.left(UserId{"mallory"}, kStart, kWindow), 0U);
}

TEST(RevocationAllowance, AnotherUsersFloodTakesNothingFromOne) {
  RevocationAllowance allowance({});
  take_all(allowance, "mallory");
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(take(allowance, "user" + std::to_string(i))) << i;
}

TEST(RevocationAllowance, AMillionUsersWhoSignOutOnceAreAllUnderIt) {
  RevocationAllowance allowance({});
  for (int i = 0; i < 1'000'000; ++i) ASSERT_TRUE(take(allowance, std::to_string(i))) << i;
}

}  // namespace
}  // namespace rescind
