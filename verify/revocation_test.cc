#include "rescind/revocation.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace rescind {
namespace {

std::string hex(const RevocationKey& key) {
  std::string text;
  for (const std::uint8_t byte : key.bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

// Made with another implementation: the bytes are what verifiers and stores of other versions must compute too.
//   printf '\x01\x00\x00\x00\x00\x03iss\x00\x00\x00\x03jti' | sha256sum
TEST(RevocationKey, HasFixedBytesOnEveryVerifier) {
  EXPECT_EQ(hex(token_key("iss", "jti")), "162f1f6685176aec01066364181c48b9");
  EXPECT_EQ(hex(session_key("iss", "sid")), "71b53b258fefcfc269d96f139ae2dd8e");
  EXPECT_EQ(hex(user_key("iss", "sub")), "65132d280587ad9e67c8c80206b4d5d3");
  EXPECT_EQ(hex(before_issuer_key("iss")), "d69c739c0fffa38c48b841c8f7e82760");
  EXPECT_EQ(hex(before_subject_key("iss", "sub")), "960616fdea3846d3c893d1a897b6d08e");
  EXPECT_EQ(hex(before_client_key("iss", "client")), "cf24c01fa6bcefb05d83403ac43b4403");
}

TEST(RevocationKey, KeepsKindsAndScopesApartForTheSameText) {
  const std::set<RevocationKey> keys{token_key("i", "x"),          session_key("i", "x"),       user_key("i", "x"),
                                     before_subject_key("i", "x"), before_client_key("i", "x"), before_issuer_key("i")};
  EXPECT_EQ(keys.size(), 6u);
}

TEST(RevocationKey, KeepsPartsApartWhereTheirConcatenationIsTheSame) {
  EXPECT_NE(token_key("ab", "c"), token_key("a", "bc"));
  EXPECT_NE(token_key("", "abc"), token_key("abc", ""));
  EXPECT_NE(before_issuer_key("ab"), before_subject_key("a", "b"));
}

TEST(RevocationKey, NulInSubjectDoesNotCollideWithTruncatedForm) {
  EXPECT_NE(user_key("iss", std::string_view("admin\0", 6)), user_key("iss", "admin"));
  EXPECT_NE(user_key("iss", std::string_view("admin\0x", 7)), user_key("iss", std::string_view("admin\0y", 7)));
}

TEST(RevocationKind, NamesRoundTrip) {
  for (const auto kind : {RevocationKind::kToken, RevocationKind::kSession, RevocationKind::kUser, RevocationKind::kBefore}) {
    EXPECT_EQ(parse_revocation_kind(to_string(kind)), kind);
  }
  for (const std::string_view name : {"", "Token", "token ", "all"}) EXPECT_FALSE(parse_revocation_kind(name)) << name;
}

}  // namespace
}  // namespace rescind
