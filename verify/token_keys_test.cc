#include "rescind/token_keys.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

Claims some_claims() {
  Claims claims;
  claims.issuer = "iss";
  claims.token_id = "jti";
  claims.session_id = "sid";
  claims.subject = "sub";
  claims.client_id = "client";
  return claims;
}

TEST(TokenKeys, AreTheKeysOfTheClaims) {
  TokenKeys keys;
  const Claims claims = some_claims();
  for (int asked = 0; asked < 2; ++asked) {
    EXPECT_EQ(keys.token(claims), token_key("iss", "jti"));
    EXPECT_EQ(keys.session(claims), session_key("iss", "sid"));
    EXPECT_EQ(keys.user(claims), user_key("iss", "sub"));
    EXPECT_EQ(keys.before_issuer(claims), before_issuer_key("iss"));
    EXPECT_EQ(keys.before_subject(claims), before_subject_key("iss", "sub"));
    EXPECT_EQ(keys.before_client(claims), before_client_key("iss", "client"));
  }
}

TEST(TokenKeys, AreComputedOnce) {
  TokenKeys keys;
  Claims claims = some_claims();
  const RevocationKey* const first = &keys.user(claims);
  claims.subject = "somebody else";
  EXPECT_EQ(&keys.user(claims), first);
  EXPECT_EQ(*first, user_key("iss", "sub"));
}

}  // namespace
}  // namespace rescind
