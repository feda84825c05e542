#include "token/signing_key.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "rescind/base64url.h"
#include "token/jwk_thumbprint.h"
#include "token/test_random.h"

namespace rescind {
namespace {

namespace json = boost::json;

constexpr std::string_view kInput = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0";

std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// One key of each algorithm for the whole run: RSA keys are slow to make.
const SigningKey& key_of(Algorithm algorithm) {
  static CountingRandom random;
  static std::map<Algorithm, SigningKey> keys;
  const auto found = keys.find(algorithm);
  if (found != keys.end()) return found->second;
  return keys.emplace(algorithm, *SigningKey::generate(algorithm, random)).first->second;
}

json::object private_members_of(const SigningKey& key) { return json::parse(key.private_jwk().reveal()).as_object(); }

Result<SigningKey> import(const json::value& jwk) { return SigningKey::from_private_jwk(Secret(json::serialize(jwk))); }

std::string encode(std::string_view bytes) { return base64url_encode(as_bytes(bytes)); }

class EveryAlgorithm : public testing::TestWithParam<Algorithm> {};
INSTANTIATE_TEST_SUITE_P(SigningKey, EveryAlgorithm,
                         testing::Values(Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kPs256,
                                         Algorithm::kHs256),
                         [](const auto& param) { return std::string(to_string(param.param)); });

class EveryAsymmetricAlgorithm : public testing::TestWithParam<Algorithm> {};
INSTANTIATE_TEST_SUITE_P(SigningKey, EveryAsymmetricAlgorithm,
                         testing::Values(Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kPs256),
                         [](const auto& param) { return std::string(to_string(param.param)); });

TEST_P(EveryAlgorithm, WhatItSignsVerifiesAndNothingElseDoes) {
  const SigningKey& key = key_of(GetParam());
  const VerificationKey verification = key.verification_key();
  EXPECT_EQ(verification.algorithm(), GetParam());
  EXPECT_EQ(verification.key_id(), key.key_id());
  std::string signature = key.sign(kInput);
  EXPECT_TRUE(verification.verify(kInput, as_bytes(signature)));
  EXPECT_FALSE(verification.verify(std::string(kInput) + "x", as_bytes(signature)));
  signature[signature.size() / 2] = static_cast<char>(signature[signature.size() / 2] ^ 1);
  EXPECT_FALSE(verification.verify(kInput, as_bytes(signature)));
}

TEST_P(EveryAlgorithm, APrivateJwkComesBackAsTheSameKey) {
  const SigningKey& key = key_of(GetParam());
  const auto again = SigningKey::from_private_jwk(key.private_jwk());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->key_id(), key.key_id());
  EXPECT_EQ(again->algorithm(), key.algorithm());
  EXPECT_EQ(again->private_jwk().reveal(), key.private_jwk().reveal());
  EXPECT_TRUE(key.verification_key().verify(kInput, as_bytes(again->sign(kInput))));
}

TEST_P(EveryAlgorithm, AnUnknownMissingDuplicateOrNonStringMemberIsRefused) {
  const json::object jwk = private_members_of(key_of(GetParam()));
  for (const auto& [name, value] : jwk) {
    if (name == "use") continue;  // optional
    json::object without = jwk;
    without.erase(name);
    EXPECT_FALSE(import(without)) << name;
    json::object with_number = jwk;
    with_number[name] = 1;
    EXPECT_FALSE(import(with_number)) << name;
    json::object with_nothing = jwk;
    with_nothing[name] = "";
    EXPECT_FALSE(import(with_nothing)) << name;
  }
  for (const char* name : {"key_ops", "x5c", "oth", "extra"}) {
    json::object with_more = jwk;
    with_more[name] = "AQAB";
    EXPECT_FALSE(import(with_more)) << name;
  }
  std::string twice(json::serialize(jwk));
  twice.insert(1, "\"k\\u0069d\":\"other\",");
  EXPECT_FALSE(SigningKey::from_private_jwk(Secret(twice)));
}

TEST_P(EveryAlgorithm, EveryTextOfAMemberButTheCanonicalOneIsRefused) {
  const json::object jwk = private_members_of(key_of(GetParam()));
  for (const char* name : {"d", "x", "y", "n", "e", "p", "q", "dp", "dq", "qi", "k"}) {
    if (!jwk.contains(name)) continue;
    for (const std::string& change :
         {std::string("="), std::string(" "), std::string("\n"), std::string("!"), std::string("AAAA")}) {
      json::object changed = jwk;
      changed[name] = std::string(jwk.at(name).as_string()) + change;
      if (GetParam() == Algorithm::kHs256 && change == "AAAA") continue;  // another secret
      EXPECT_FALSE(import(changed)) << name << change;
    }
  }
}

TEST_P(EveryAlgorithm, ItsKeyTypeMustFitItsAlgorithm) {
  for (const Algorithm other :
       {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kPs256, Algorithm::kHs256}) {
    const auto is_rsa = [](Algorithm a) { return a == Algorithm::kRs256 || a == Algorithm::kPs256; };
    if (other == GetParam() || (is_rsa(other) && is_rsa(GetParam()))) continue;
    json::object jwk = private_members_of(key_of(GetParam()));
    jwk["alg"] = to_string(other);
    EXPECT_FALSE(import(jwk)) << to_string(other);
  }
  for (const char* name : {"none", "None", "ES384", "HS512", "es256", "RS512"}) {
    json::object jwk = private_members_of(key_of(GetParam()));
    jwk["alg"] = name;
    EXPECT_FALSE(import(jwk)) << name;
  }
}

TEST_P(EveryAsymmetricAlgorithm, ThePublishedJwkHoldsNothingPrivate) {
  const SigningKey& key = key_of(GetParam());
  const json::object published = json::parse(key.public_jwk()).as_object();
  for (const char* name : {"d", "p", "q", "dp", "dq", "qi", "k", "oth"}) EXPECT_FALSE(published.contains(name)) << name;
  EXPECT_EQ(published.at("use").as_string(), "sig");
  EXPECT_EQ(std::string_view(published.at("alg").as_string()), to_string(GetParam()));
  EXPECT_EQ(std::string_view(published.at("kid").as_string()), key.key_id());
  const auto parsed = VerificationKey::from_jwk(key.public_jwk());
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->verify(kInput, as_bytes(key.sign(kInput))));
}

TEST_P(EveryAsymmetricAlgorithm, APublicPartOfAnotherKeyIsRefused) {
  CountingRandom random;
  const json::object other = private_members_of(*SigningKey::generate(GetParam(), random));
  for (const char* name : {"x", "y", "n", "d", "p", "q", "dp", "dq", "qi"}) {
    json::object mixed = private_members_of(key_of(GetParam()));
    if (!mixed.contains(name)) continue;
    mixed[name] = other.at(name);
    EXPECT_FALSE(import(mixed)) << name;
  }
}

TEST(SigningKey, Es256SignaturesAreAlways64RawBytes) {
  for (int i = 0; i < 600; ++i) {  // one in 128 has a leading zero in r or s
    const std::string signature = key_of(Algorithm::kEs256).sign(std::to_string(i));
    ASSERT_EQ(signature.size(), 64u);
    ASSERT_TRUE(key_of(Algorithm::kEs256).verification_key().verify(std::to_string(i), as_bytes(signature)));
  }
}

TEST(SigningKey, AGeneratedKeysIdIsItsThumbprint) {
  const json::object jwk = json::parse(key_of(Algorithm::kEs256).public_jwk()).as_object();
  JwkMembers members;
  for (const char* name : {"crv", "kty", "x", "y"}) members[name] = Secret(std::string(jwk.at(name).as_string()));
  EXPECT_EQ(key_of(Algorithm::kEs256).key_id(), jwk_thumbprint(members));
}

TEST(SigningKey, TwoGeneratedKeysDiffer) {
  CountingRandom random;
  for (const Algorithm algorithm : {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kHs256}) {
    const auto first = SigningKey::generate(algorithm, random);
    const auto second = SigningKey::generate(algorithm, random);
    EXPECT_NE(first->key_id(), second->key_id());
    EXPECT_NE(first->private_jwk().reveal(), second->private_jwk().reveal());
  }
}

TEST(SigningKey, AnHmacSecretBelow32BytesIsRefused) {
  EXPECT_FALSE(SigningKey::from_hmac_secret(Secret()));
  EXPECT_FALSE(SigningKey::from_hmac_secret(Secret(std::string(31, 's'))));
  EXPECT_TRUE(SigningKey::from_hmac_secret(Secret(std::string(32, 's'))));
  json::object jwk{{"kty", "oct"}, {"alg", "HS256"}, {"kid", "a"}, {"k", encode(std::string(31, 's'))}};
  EXPECT_FALSE(import(jwk));
  jwk["k"] = encode(std::string(32, 's'));
  EXPECT_TRUE(import(jwk));
}

TEST(SigningKey, TheIdOfAnOperatorsSecretFollowsFromItAndDoesNotShowIt) {
  const Secret secret(std::string(32, 's'));
  const auto key = SigningKey::from_hmac_secret(secret);
  EXPECT_EQ(key->key_id(), SigningKey::from_hmac_secret(secret)->key_id());
  EXPECT_NE(key->key_id(), SigningKey::from_hmac_secret(Secret(std::string(32, 't')))->key_id());
  EXPECT_EQ(key->key_id().size(), 22u);
}

TEST(SigningKey, ItsIdIsVisibleAsciiAndBounded) {
  json::object jwk = private_members_of(key_of(Algorithm::kEs256));
  jwk["kid"] = std::string(kMaxKeyIdBytes, 'a');
  EXPECT_TRUE(import(jwk));
  jwk["kid"] = std::string(kMaxKeyIdBytes + 1, 'a');
  EXPECT_FALSE(import(jwk));
  for (const char* kid : {"a b", "a\n", "\x7f", "\xc3\xa4", "\x01"}) {
    jwk["kid"] = kid;
    EXPECT_FALSE(import(jwk)) << kid;
  }
}

TEST(SigningKey, ThePrivateKeyOfRfc7515AppendixA3IsTaken) {
  const Secret jwk(R"({"kty":"EC","crv":"P-256","alg":"ES256","kid":"A.3",)"
                   R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                   R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",)"
                   R"("d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})");
  const auto key = SigningKey::from_private_jwk(jwk);
  ASSERT_TRUE(key) << key.error().message;
  // The signature that the appendix prints verifies with the key that was read.
  const std::string input =
      "eyJhbGciOiJFUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const auto signature =
      base64url_decode("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  ASSERT_TRUE(signature);
  EXPECT_TRUE(key->verification_key().verify(input, *signature));
  EXPECT_TRUE(key->verification_key().verify(input, as_bytes(key->sign(input))));
}

TEST(SigningKey, ThePrivateKeyOfRfc8037AppendixASignsItsVector) {
  const Secret jwk(R"({"kty":"OKP","crv":"Ed25519","alg":"EdDSA","kid":"A.1",)"
                   R"("d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",)"
                   R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
  const auto key = SigningKey::from_private_jwk(jwk);
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(encode(key->sign("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

TEST(JwkThumbprint, GivesTheVectorOfRfc7638) {
  JwkMembers members;
  members["kty"] = Secret("RSA");
  members["e"] = Secret("AQAB");
  members["n"] = Secret(
      "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs"
      "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajr"
      "n1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw");
  EXPECT_EQ(jwk_thumbprint(members), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST(JwkThumbprint, GivesTheVectorOfRfc8037) {
  JwkMembers members;
  members["kty"] = Secret("OKP");
  members["crv"] = Secret("Ed25519");
  members["x"] = Secret("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  EXPECT_EQ(jwk_thumbprint(members), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

}  // namespace
}  // namespace rescind
