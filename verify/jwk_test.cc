// Keys as JWK and JWK Set (RFC 7517).
#include <gtest/gtest.h>

#include "rescind/key.h"
#include "verify/testing/token_maker.h"

namespace rescind {
namespace {

using namespace testing;

std::string outcome(std::string_view jwk) {
  const auto key = VerificationKey::from_jwk(jwk);
  return key ? std::string(to_string(key->algorithm())) : std::string(to_string(key.error()));
}

// The JWK with more members written behind the others.
std::string with(std::string jwk, std::string_view members) {
  jwk.pop_back();
  return jwk + "," + std::string(members) + "}";
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return text.replace(place, from.size(), to);
}

std::string public_jwk(Algorithm algorithm) { return TokenMaker::shared(algorithm).public_jwk(); }
std::string without_alg(Algorithm algorithm) {
  return replaced(public_jwk(algorithm), R"("alg":")" + std::string(to_string(algorithm)) + R"(",)", "");
}

TEST(Jwk, AlgMayBeAbsentOnlyWhereTypeAndCurveLeaveOneChoice) {
  EXPECT_EQ(outcome(without_alg(Algorithm::kEs256)), "ES256");
  EXPECT_EQ(outcome(without_alg(Algorithm::kEdDsa)), "EdDSA");
  EXPECT_EQ(outcome(without_alg(Algorithm::kHs256)), "HS256");
  EXPECT_EQ(outcome(without_alg(Algorithm::kRs256)), "malformed");
}

TEST(Jwk, AnAlgThatDoesNotFitTheKeyIsRefused) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    for (const std::string_view alg : {"ES256", "EdDSA", "RS256", "HS256", "ES384", "HS512", "RSA-OAEP", "none", "", "es256"}) {
      const bool is_rsa = algorithm == Algorithm::kRs256 || algorithm == Algorithm::kPs256;
      const bool fits = alg == to_string(algorithm) || (is_rsa && alg == "RS256");
      const std::string jwk = with(without_alg(algorithm), R"("alg":")" + std::string(alg) + '"');
      EXPECT_EQ(outcome(jwk), fits ? std::string(alg) : "unsupported") << jwk;
    }
    EXPECT_EQ(outcome(with(without_alg(algorithm), R"("alg":5)")), "malformed");
  }
}

TEST(Jwk, UnknownTypesAndCurvesAreRefused) {
  const std::string ec = public_jwk(Algorithm::kEs256);
  EXPECT_EQ(outcome(replaced(ec, "\"EC\"", "\"ec\"")), "unsupported");
  EXPECT_EQ(outcome(replaced(ec, "\"EC\"", "\"AKP\"")), "unsupported");
  EXPECT_EQ(outcome(replaced(ec, "\"EC\"", "7")), "malformed");
  EXPECT_EQ(outcome(replaced(ec, "\"kty\":\"EC\",", "")), "malformed");
  for (const std::string_view curve : {"P-384", "P-521", "secp256k1", "p-256", "Ed25519", ""}) {
    EXPECT_EQ(outcome(replaced(ec, "P-256", curve)), "unsupported") << curve;
  }
  const std::string okp = public_jwk(Algorithm::kEdDsa);
  for (const std::string_view curve : {"Ed448", "X25519", "P-256"}) {
    EXPECT_EQ(outcome(replaced(okp, "Ed25519", curve)), "unsupported") << curve;
  }
}

TEST(Jwk, APointThatIsNotOnTheCurveIsRefused) {
  const std::string x = encode(TokenMaker::shared(Algorithm::kEs256).public_numbers().substr(0, 32));
  std::string off = TokenMaker::shared(Algorithm::kEs256).public_numbers().substr(0, 32);
  off[31] = static_cast<char>(off[31] ^ 1);
  const std::string jwk = public_jwk(Algorithm::kEs256);
  EXPECT_EQ(outcome(replaced(jwk, x, encode(off))), "invalid_point");
  EXPECT_EQ(outcome(replaced(jwk, x, encode(std::string(32, '\0')))), "invalid_point");
  EXPECT_EQ(outcome(replaced(jwk, x, encode(std::string(32, '\xff')))), "invalid_point");  // over the field's prime
}

TEST(Jwk, ACoordinateHasItsFullSizeAndIsCanonical) {
  const std::string bytes = TokenMaker::shared(Algorithm::kEs256).public_numbers().substr(0, 32);
  const std::string jwk = public_jwk(Algorithm::kEs256);
  for (const std::string& x : {encode(bytes + '\0'), encode('\0' + bytes), encode(bytes.substr(1)), encode(bytes) + "=",
                               std::string(), std::string("!"), encode(bytes.substr(0, 31))}) {
    EXPECT_EQ(outcome(replaced(jwk, encode(bytes), x)), "malformed") << x;
  }
  const std::string point = TokenMaker::shared(Algorithm::kEdDsa).public_numbers();
  EXPECT_EQ(outcome(replaced(public_jwk(Algorithm::kEdDsa), encode(point), encode(point + '\0'))), "malformed");
}

TEST(Jwk, RsaBelow2048BitsIsWeak) {
  EXPECT_EQ(outcome(TokenMaker::generate_rsa(1024, Algorithm::kRs256).public_jwk()), "weak");
  EXPECT_EQ(outcome(TokenMaker::generate_rsa(2040, Algorithm::kPs256).public_jwk()), "weak");
  const std::string pem = TokenMaker::generate_rsa(1024, Algorithm::kRs256).public_pem();
  EXPECT_EQ(VerificationKey::from_public_pem(pem, Algorithm::kRs256, "k").error(), KeyError::kWeak);
}

TEST(Jwk, RsaModulusAndExponentAreBounded) {
  const auto jwk = [](const std::string& n, const std::string& e) {
    return R"({"kty":"RSA","alg":"RS256","kid":"k","n":")" + encode(n) + R"(","e":")" + encode(e) + R"("})";
  };
  const std::string n = TokenMaker::shared(Algorithm::kRs256).public_numbers();
  const std::string e = "\x01" + std::string(1, '\0') + "\x01";
  EXPECT_EQ(outcome(jwk(n, e)), "RS256");
  EXPECT_EQ(outcome(jwk(n, "\x03")), "RS256");
  EXPECT_EQ(outcome(jwk(n, "\x01")), "weak");
  EXPECT_EQ(outcome(jwk(n, "\x02")), "weak");
  EXPECT_EQ(outcome(jwk(n, "\x01" + std::string(3, '\0') + "\x01")), "weak");
  EXPECT_EQ(outcome(jwk(n, '\0' + e)), "malformed");
  EXPECT_EQ(outcome(jwk('\0' + n, e)), "malformed");
  EXPECT_EQ(outcome(jwk("", e)), "malformed");
  EXPECT_EQ(outcome(jwk(std::string(1024, '\xff'), e)), "RS256");  // 8,192 bits
  EXPECT_EQ(outcome(jwk("\x01" + std::string(1024, '\xff'), e)), "weak");
  EXPECT_EQ(outcome(jwk(std::string(100'000, '\xff'), e)), "weak");
  EXPECT_EQ(outcome(jwk(n.substr(0, 255) + '\2', e)), "weak");  // even
}

TEST(Jwk, PrivateMembersAreRefused) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    for (const std::string_view name : {"d", "p", "q", "dp", "dq", "qi", "oth"}) {
      EXPECT_EQ(outcome(with(public_jwk(algorithm), '"' + std::string(name) + R"(":"AQ")")), "malformed") << name;
    }
  }
  EXPECT_EQ(outcome(with(public_jwk(Algorithm::kRs256), R"("k":"AQ")")), "malformed");
}

TEST(Jwk, OtherMembersAreIgnored) {
  EXPECT_EQ(outcome(with(public_jwk(Algorithm::kEs256),
                         R"("x5u":"http://127.0.0.1:1/","x5c":["!"],"x5t":"x","ext":true,"use":"sig","key_ops":["verify"])")),
            "ES256");
}

TEST(Jwk, AKeyForAnotherUseIsRefused) {
  const std::string jwk = public_jwk(Algorithm::kEs256);
  EXPECT_EQ(outcome(with(jwk, R"("use":"enc")")), "unsupported");
  EXPECT_EQ(outcome(with(jwk, R"("use":null)")), "unsupported");
  EXPECT_EQ(outcome(with(jwk, R"("key_ops":["sign"])")), "unsupported");
  EXPECT_EQ(outcome(with(jwk, R"("key_ops":[])")), "unsupported");
  EXPECT_EQ(outcome(with(jwk, R"("key_ops":"verify")")), "malformed");
}

TEST(Jwk, AnOctKeyBelow32BytesIsWeak) {
  const auto jwk = [](std::size_t size) {
    return R"({"kty":"oct","kid":"k","k":")" + encode(std::string(size, 's')) + R"("})";
  };
  EXPECT_EQ(outcome(jwk(32)), "HS256");
  EXPECT_EQ(outcome(jwk(31)), "weak");
  EXPECT_EQ(outcome(jwk(0)), "malformed");
}

TEST(Jwk, AKeyIdIsRequired) {
  const std::string jwk = public_jwk(Algorithm::kEs256);
  EXPECT_EQ(outcome(replaced(jwk, R"(,"kid":"key-1")", "")), "invalid_key_id");
  EXPECT_EQ(outcome(replaced(jwk, R"("key-1")", R"("")")), "invalid_key_id");
  EXPECT_EQ(outcome(replaced(jwk, R"("key-1")", "1")), "invalid_key_id");
  EXPECT_EQ(outcome(replaced(jwk, "key-1", std::string(129, 'k'))), "invalid_key_id");
  EXPECT_EQ(outcome(replaced(jwk, "key-1", std::string(128, 'k'))), "ES256");
}

TEST(Jwk, WhatIsNotStrictJsonIsRefused) {
  const std::string jwk = public_jwk(Algorithm::kEs256);
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("[]"), jwk + "x", "\xef\xbb\xbf" + jwk, with(jwk, R"("kid":"other")"),
        with(jwk, R"("\u006bid":"other")"), with(jwk, "\"a\":" + std::string(100, '[') + std::string(100, ']'))}) {
    EXPECT_EQ(outcome(text), "malformed") << text;
  }
  EXPECT_EQ(outcome(jwk + std::string(kMaxKeySetBytes, ' ')), "malformed");
}

std::string set_outcome(std::string_view jwks) {
  const auto keys = KeySet::from_jwks(jwks);
  return keys ? std::to_string(keys->size()) : std::string(to_string(keys.error()));
}

TEST(JwkSet, ReadsEveryKey) {
  const std::string one = TokenMaker::generate(Algorithm::kEs256, "a").public_jwk();
  const std::string other = TokenMaker::generate(Algorithm::kEdDsa, "b").public_jwk();
  const auto keys = KeySet::from_jwks(R"({"keys":[)" + one + "," + other + R"(],"more":1})");
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->find("a")->algorithm(), Algorithm::kEs256);
  EXPECT_EQ(keys->find("b")->algorithm(), Algorithm::kEdDsa);
  EXPECT_EQ(set_outcome(R"({"keys":[]})"), "0");
}

TEST(JwkSet, OneUnusableKeyRefusesTheWholeSet) {
  const std::string good = public_jwk(Algorithm::kEs256);
  EXPECT_EQ(set_outcome(R"({"keys":[)" + good + R"(,{"kty":"XX","kid":"b"}]})"), "unsupported");
  EXPECT_EQ(set_outcome(R"({"keys":[)" + good + R"(,5]})"), "malformed");
  EXPECT_EQ(
      set_outcome(R"({"keys":[)" + good + "," + TokenMaker::generate_rsa(1024, Algorithm::kRs256, "b").public_jwk() + "]}"),
      "weak");
  EXPECT_EQ(set_outcome(R"({"keys":[)" + good + "," + good + "]}"), "duplicate_key_id");
}

TEST(JwkSet, EncryptionKeysArePassedOver) {
  EXPECT_EQ(set_outcome(R"({"keys":[)" + public_jwk(Algorithm::kEs256) + R"(,{"kty":"RSA","use":"enc","alg":"RSA-OAEP"}]})"),
            "1");
}

TEST(JwkSet, WhatIsNoSetIsRefused) {
  for (const std::string_view text : {"", "{}", "[]", R"({"keys":{}})", R"({"keys":null})", R"({"keys":[],"keys":[]})"}) {
    EXPECT_EQ(set_outcome(text), "malformed") << text;
  }
  std::string many = R"({"keys":[)";
  for (std::size_t i = 0; i <= kMaxKeysInSet; ++i)
    many += (i == 0 ? "" : ",") + TokenMaker::generate(Algorithm::kHs256, std::to_string(i)).public_jwk();
  EXPECT_EQ(set_outcome(many + "]}"), "malformed");
}

}  // namespace
}  // namespace rescind
