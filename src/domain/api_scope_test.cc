#include "domain/api_scope.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

using Names = std::vector<std::string>;

TEST(ApiScopes, EveryScopeHasANameOfItsOwn) {
  for (int i = 0; i <= static_cast<int>(kLastApiScope); ++i) {
    const auto scope = static_cast<ApiScope>(i);
    const auto parsed = ApiScopes::parse(Names{std::string(to_string(scope))});
    ASSERT_TRUE(parsed.has_value());
    for (int other = 0; other <= static_cast<int>(kLastApiScope); ++other) {
      EXPECT_EQ(parsed->contains(static_cast<ApiScope>(other)), i == other);
    }
  }
}

TEST(ApiScopes, AdminIsAllOfThem) {
  EXPECT_EQ(ApiScopes::parse(Names{"admin"}), ApiScopes::all());
  for (int i = 0; i <= static_cast<int>(kLastApiScope); ++i) {
    EXPECT_TRUE(ApiScopes::all().contains(static_cast<ApiScope>(i)));
  }
}

TEST(ApiScopes, AnUnknownNameIsRefusedAndFromTheStoreGrantsNothing) {
  for (const char* name : {"", "users", "Users:read", "users:read ", "users:*", "*", "ADMIN"}) {
    EXPECT_FALSE(ApiScopes::parse(Names{"events:read", name}).has_value()) << name;
    EXPECT_EQ(ApiScopes::known_of(Names{"events:read", name}), ApiScopes{ApiScope::kEventsRead}) << name;
  }
}

TEST(ApiScopes, ContainsWhereNothingIsMissing) {
  const ApiScopes two{ApiScope::kUsersRead, ApiScope::kUsersWrite};
  EXPECT_TRUE(two.contains(ApiScopes{ApiScope::kUsersRead}));
  EXPECT_TRUE(two.contains(two));
  EXPECT_TRUE(two.contains(ApiScopes()));
  EXPECT_FALSE(two.contains(ApiScopes{ApiScope::kUsersRead, ApiScope::kEventsRead}));
  EXPECT_FALSE(ApiScopes().contains(ApiScope::kUsersRead));
  EXPECT_FALSE(two.contains(ApiScopes::all()));
}

}  // namespace
}  // namespace rescind
