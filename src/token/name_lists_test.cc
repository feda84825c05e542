#include "token/name_lists.h"

#include <gtest/gtest.h>

#include "token/access_token.h"

namespace rescind {
namespace {

TEST(Roles, AreDifferentNamesThatNoListConfuses) {
  for (const char* role : {"admin", "Büro", "read:all", "a-b_c.d/e"}) EXPECT_TRUE(are_roles({role})) << role;
  for (const char* role : {"", "a b", " a", "a,b", "a\tb", "a\x7f", "a\u00a0b", "a\u200bb", "\xff"}) {
    EXPECT_FALSE(are_roles({role})) << role;
  }
  EXPECT_TRUE(are_roles({}));
  EXPECT_TRUE(are_roles({"a", "b"}));
  EXPECT_FALSE(are_roles({"a", "b", "a"}));
}

TEST(Roles, FitIntoAToken) {
  EXPECT_TRUE(are_roles({std::string(kMaxRolesBytes - 3, 'r')}));
  EXPECT_FALSE(are_roles({std::string(kMaxRolesBytes - 2, 'r')}));
  std::vector<std::string> many;
  for (std::size_t i = 0; i < kMaxRoles; ++i) many.push_back(std::to_string(i));
  EXPECT_TRUE(are_roles(many));
  many.emplace_back("x");
  EXPECT_FALSE(are_roles(many));
}

TEST(AuthenticationMethods, AreDifferentWords) {
  for (const char* name : {"pwd", "otp", "urn.example.level-2", "MY_own"})
    EXPECT_TRUE(are_authentication_methods({name})) << name;
  for (const char* name : {"", "a b", "a,b", "a\"", "a:b", "a\x7f", "\xc3\xbc"}) {
    EXPECT_FALSE(are_authentication_methods({name})) << name;
  }
  EXPECT_TRUE(are_authentication_methods({}));
  EXPECT_TRUE(are_authentication_methods({"pwd", "otp", "mfa"}));
  EXPECT_FALSE(are_authentication_methods({"pwd", "otp", "pwd"}));
}

TEST(AuthenticationMethods, FitIntoAToken) {
  EXPECT_TRUE(are_authentication_methods({std::string(kMaxAmrBytes - 3, 'a')}));
  EXPECT_FALSE(are_authentication_methods({std::string(kMaxAmrBytes - 2, 'a')}));
  EXPECT_FALSE(are_authentication_methods({std::string(kMaxAmrBytes - 6, 'a'), "b"}));
}

}  // namespace
}  // namespace rescind
