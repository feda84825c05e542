// What a revocation is worth: no other text of a revoked token, and no combination of rules, gets past it.
#include <gtest/gtest.h>

#include <openssl/bn.h>

#include <random>
#include <set>

#include "verify/evp.h"
#include "verify/sha256.h"
#include "verify/testing/verifier_fixture.h"

namespace rescind {
namespace {

using namespace testing;

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Texts that a lax base64 decoder takes for `segment`.
std::set<std::string> lax_twins(const std::string& segment) {
  std::set<std::string> twins;
  for (const char last : kAlphabet) {
    std::string twin = segment;
    twin.back() = last;
    const auto bytes = segment.size() % 4 == 0 ? 0u : segment.size() % 4 == 2 ? 4u : 2u;  // unused bits
    const auto value = [](char c) { return kAlphabet.find(c); };
    if (value(last) >> bytes == value(segment.back()) >> bytes) twins.insert(twin);
  }
  for (const std::string_view tail : {"=", "==", "===", "%3D", "%3d", " ", "\n", "\r\n", "\t"})
    twins.insert(segment + std::string(tail));
  twins.insert(segment + '\0');
  twins.insert(" " + segment);
  twins.insert(segment.substr(0, 3) + "\n" + segment.substr(3));
  twins.insert(segment.substr(0, 3) + " " + segment.substr(3));
  std::string other_alphabet = segment;
  for (char& c : other_alphabet) c = c == '-' ? '+' : c == '_' ? '/' : c;
  twins.insert(other_alphabet);
  twins.erase(segment);
  return twins;
}

// (r, n - s)
std::string other_half(std::string_view signature) {
  BIGNUM* raw = nullptr;
  BN_hex2bn(&raw, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  const Bignum order(raw);
  const Bignum s(BN_bin2bn(as_bytes(signature.substr(32)).data(), 32, nullptr));
  BN_sub(s.get(), order.get(), s.get());
  std::string twin(signature);
  BN_bn2binpad(s.get(), reinterpret_cast<unsigned char*>(twin.data() + 32), 32);
  return twin;
}

class RevokedToken : public VerifierFixture, public ::testing::WithParamInterface<Algorithm> {
 protected:
  RevokedToken() : VerifierFixture(GetParam()) {}

  std::vector<std::string> twins_of(const std::string& token) const {
    const auto segments = split_token(token);
    std::vector<std::string> twins;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      for (const std::string& twin : lax_twins(segments[i])) {
        auto changed = segments;
        changed[i] = twin;
        twins.push_back(changed[0] + "." + changed[1] + "." + changed[2]);
      }
    }
    for (const std::string_view tail : {".", "..", ".x", " ", "\n"}) twins.push_back(token + std::string(tail));
    return twins;
  }
};

TEST_P(RevokedToken, NoTextualTwinOfATokenIsAcceptedRevokedOrNot) {
  // Payload lengths 0, 1 and 2 modulo 3, so that each segment has every number of unused bits.
  for (const std::string_view pad : {"", "x", "xx"}) {
    const std::string token = maker.make(ClaimsText(kNow).set("pad", quote(pad)).text());
    ASSERT_EQ(check(token), "good");
    for (const std::string& twin : twins_of(token)) EXPECT_EQ(check(twin), "malformed") << twin;
  }
  const std::string token = maker.make(ClaimsText(kNow).text());
  EXPECT_TRUE(index.apply(revocation(RevocationKind::kToken, token_key(kIssuer, kTokenId))));
  EXPECT_EQ(check(token), "revoked");
  for (const std::string& twin : twins_of(token)) EXPECT_NE(check(twin), "good") << twin;
}

TEST_P(RevokedToken, ASecondSignatureOfTheSameClaimsIsRevokedToo) {
  EXPECT_TRUE(index.apply(revocation(RevocationKind::kToken, token_key(kIssuer, kTokenId))));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(check_claims(ClaimsText(kNow)), "revoked");
  EXPECT_EQ(check_payload("\n " + ClaimsText(kNow).text() + " "), "revoked");
  EXPECT_EQ(check_claims(ClaimsText(kNow).set("jti", R"("\u0074oken-1")")), "revoked");
  EXPECT_EQ(check_claims(ClaimsText(kNow).set("jti", R"("token-2")")), "good");
}

INSTANTIATE_TEST_SUITE_P(EveryAlgorithm, RevokedToken, ::testing::ValuesIn(kAllAlgorithms),
                         [](const auto& each) { return std::string(to_string(each.param)); });

class Revoked : public VerifierFixture {
 protected:
  Revoked() : VerifierFixture(Algorithm::kEs256) {}
};

TEST_F(Revoked, TheOtherEcdsaHalfOfARevokedTokenIsRevoked) {
  const auto segments = split_token(maker.make(ClaimsText(kNow).text()));
  const std::string twin = segments[0] + "." + segments[1] + "." + encode(other_half(decode(segments[2])));
  ASSERT_EQ(check(twin), "good");
  EXPECT_TRUE(index.apply(revocation(RevocationKind::kToken, token_key(kIssuer, kTokenId))));
  EXPECT_EQ(check(twin), "revoked");
}

TEST_F(Revoked, ATokenIsGoodOnlyIfNoneOfAllCombinationsOfRulesMatches) {
  const std::string token = maker.make(ClaimsText(kNow).text());
  const std::int64_t after = kNow.time_since_epoch().count() + 1;
  const std::vector<Revocation> rules{
      revocation(RevocationKind::kToken, token_key(kIssuer, kTokenId)),
      revocation(RevocationKind::kSession, session_key(kIssuer, kSessionId)),
      revocation(RevocationKind::kUser, user_key(kIssuer, kSubject), kTokenVersion + 1),
      revocation(RevocationKind::kBefore, before_issuer_key(kIssuer), after),
      revocation(RevocationKind::kBefore, before_subject_key(kIssuer, kSubject), after),
      revocation(RevocationKind::kBefore, before_client_key(kIssuer, kClientId), after),
  };
  const auto authentic = authenticate(token, keys, policy);
  ASSERT_TRUE(authentic);
  for (unsigned present = 0; present < 1u << rules.size(); ++present) {
    RevocationIndex some;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if ((present >> i & 1) != 0) {
        EXPECT_TRUE(some.apply(rules[i]));
      }
    }
    EXPECT_EQ(accept(*authentic, some, policy, kNow).has_value(), present == 0) << present;
  }
}

// Any text that differs from the canonical one near the end of a segment is refused, whatever the bytes are.
TEST(TokenText, NoNeighbourOfARandomTokensTextIsAccepted) {
  std::mt19937_64 random(11);
  const TokenMaker& maker = TokenMaker::shared(Algorithm::kHs256);
  const KeySet keys = maker.key_set();
  const VerifierPolicy policy = default_policy();
  const RevocationIndex index;
  int refused = 0;
  for (int round = 0; round < 300; ++round) {
    ClaimsText claims(kNow);
    claims.set("jti", quote(std::to_string(random()))).set("pad", quote(std::string(random() % 7, 'p')));
    const std::string token = maker.make(claims.text());
    ASSERT_TRUE(verify(token, keys, index, policy, kNow));
    const auto segments = split_token(token);
    const std::size_t ends[] = {segments[0].size(), segments[0].size() + 1 + segments[1].size(), token.size()};
    for (const std::size_t end : ends) {
      for (std::size_t back = 1; back <= 2; ++back) {
        for (int c = 0; c < 256; c += 1 + static_cast<int>(random() % 3)) {
          std::string changed = token;
          changed[end - back] = static_cast<char>(c);
          if (changed == token) continue;
          ASSERT_FALSE(verify(changed, keys, index, policy, kNow)) << changed;
          ++refused;
        }
      }
    }
  }
  EXPECT_GT(refused, 100'000);
}

}  // namespace
}  // namespace rescind
