#include "token/authentication_methods.h"

#include <gtest/gtest.h>

#include "token/access_token.h"

namespace rescind {
namespace {

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
