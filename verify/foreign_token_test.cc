#include "rescind/foreign_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "verify/sha256.h"
#include "verify/testing/token_maker.h"
#include "verify/testing/verifier_fixture.h"

namespace rescind {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::ClaimsText;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kNow;
using testing::TokenMaker;

class ForeignToken : public ::testing::Test {
 protected:
  ForeignToken() {
    policy.issuer = testing::kIssuer;
    policy.audiences = {std::string(testing::kAudience), "second"};
  }

  Result<AuthenticToken, VerifyError> read(const std::string& token) const {
    return authenticate_foreign(token, maker.key_set(), policy);
  }
  std::string check(const std::string& token) const {
    const auto result = read(token);
    return result ? "authentic" : std::string(to_string(result.error()));
  }
  std::string check(const ClaimsText& claims) const { return check(maker.make(header, claims.text())); }
  // They live as long as the fixture.
  const Claims& claims_of(const ClaimsText& claims) {
    static const Claims kNone;
    auto token = read(maker.make(header, claims.text()));
    EXPECT_TRUE(token) << to_string(token.error());
    return token ? tokens.emplace_back(std::move(*token)).claims() : kNone;
  }
  static ClaimsText claims() { return ClaimsText(kNow); }

  TokenMaker maker = TokenMaker::shared(Algorithm::kEs256);
  std::string header = R"({"alg":"ES256","typ":"JWT","kid":"key-1"})";
  ForeignPolicy policy;
  std::vector<AuthenticToken> tokens;
};

TEST_F(ForeignToken, WithJtiSidAndAzpIsMapped) {
  const Claims& read = claims_of(claims().remove("client_id").set("azp", R"("web")").set("tv", "7"));
  EXPECT_EQ(read.issuer, testing::kIssuer);
  EXPECT_EQ(read.subject, testing::kSubject);
  EXPECT_EQ(read.token_id, testing::kTokenId);
  EXPECT_EQ(read.session_id, testing::kSessionId);
  EXPECT_EQ(read.client_id, "web");
  EXPECT_FALSE(read.token_version) << "another issuer's tv is no version of our users";
  EXPECT_EQ(read.issued_at, kNow);
  EXPECT_EQ(claims_of(claims().set("azp", R"("web")")).client_id, testing::kClientId) << "client_id before azp";
}

TEST_F(ForeignToken, ClaimsAreReadWhereThePolicySays) {
  policy.user = {"ext", "uid"};
  policy.session = {"https://x.example/sid"};
  policy.roles = {"realm_access", "roles"};
  policy.scope = {"scp"};
  const Claims& read = claims_of(claims()
                                     .set("ext", R"({"uid":"u-9"})")
                                     .set("https://x.example/sid", R"("s-9")")
                                     .set("realm_access", R"({"roles":["a","b"]})")
                                     .set("scp", R"(["x","y"])"));
  EXPECT_EQ(read.subject, "u-9");
  EXPECT_EQ(read.session_id, "s-9");
  EXPECT_THAT(read.roles, ElementsAre("a", "b"));
  EXPECT_EQ(read.scope, "x y");
}

TEST_F(ForeignToken, APathThatLeadsNowhereFindsNothing) {
  policy.session = {"sid", "deeper"};
  policy.roles = {"realm_access", "roles"};
  for (const char* json : {"[]", "1", "null", "\"x\"", "{}", R"({"role":["a"]})"}) {
    const Claims& read = claims_of(claims().set("realm_access", json));
    EXPECT_THAT(read.roles, IsEmpty()) << json;
    EXPECT_EQ(read.session_id, "");
  }
  policy.user = {"realm_access", "user"};
  EXPECT_EQ(check(claims().set("realm_access", "{}")), "malformed") << "a user there must be";
}

TEST_F(ForeignToken, RolesAreNotReadUnlessThePolicyNamesThem) {
  EXPECT_THAT(claims_of(claims().set("roles", R"(["admin"])")).roles, IsEmpty());
}

TEST_F(ForeignToken, AMappedClaimOfAnotherTypeOrOverItsBoundIsMalformed) {
  policy.roles = {"r"};
  const std::string long_text = testing::quote(std::string(1025, 'x'));
  std::string many = "\"x\"";
  for (int i = 1; i < 65; ++i) many += ",\"x\"";
  for (const char* name : {"sub", "sid", "jti", "client_id", "iss"}) {
    for (const std::string& json : {std::string("1"), std::string("null"), std::string("[\"x\"]"), long_text}) {
      EXPECT_EQ(check(claims().set(name, json)), "malformed") << name << " " << json;
    }
  }
  for (const std::string& json :
       {std::string("1"), std::string("[1]"), std::string("{}"), "[" + many + "]", "[" + long_text + "]"}) {
    EXPECT_EQ(check(claims().set("r", json)), "malformed") << json;
    EXPECT_EQ(check(claims().set("aud", json)), "malformed") << json;
    EXPECT_EQ(check(claims().set("scope", json)), "malformed") << json;
  }
  EXPECT_EQ(check(claims().set("r", "[" + many.substr(4) + "]")), "authentic") << "64 roles";
}

TEST_F(ForeignToken, IatAndExpAreRequiredIntegers) {
  for (const char* name : {"iat", "exp"}) {
    EXPECT_EQ(check(claims().remove(name)), "malformed") << name;
    for (const char* json : {"1.5", "1e9", "\"1700000000\"", "null", "-1", "9007199254740993"}) {
      EXPECT_EQ(check(claims().set(name, std::string(json))), "malformed") << name << json;
    }
  }
  EXPECT_EQ(check(claims().set("nbf", "1.5")), "malformed");
}

TEST_F(ForeignToken, WithoutJtiItsIdIsTheDigestOfItsPayload) {
  const std::string payload = claims().remove("jti").text();
  const auto token = read(maker.make(header, payload));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->claims().token_id, "payload-sha256:" + testing::encode(as_text(sha256({payload}))));
  // Another header, another signature (ES256 signatures are random): the same claims, the same id.
  const auto twin = read(maker.make(R"({"kid":"key-1","alg":"ES256"})", payload));
  ASSERT_TRUE(twin);
  EXPECT_EQ(twin->claims().token_id, token->claims().token_id);
  EXPECT_NE(claims_of(claims().remove("jti").set("x", "1")).token_id, token->claims().token_id);
  EXPECT_TRUE(claims_of(claims().set("jti", "\"\"")).token_id.starts_with(kPayloadIdPrefix)) << "an empty one is none";
}

TEST_F(ForeignToken, NoJtiCanBeMadeToEqualTheDigestOfAnotherToken) {
  const std::string victim(claims_of(claims().remove("jti")).token_id);
  const std::string forged(claims_of(claims().set("jti", testing::quote(victim))).token_id);
  EXPECT_TRUE(forged.starts_with(kPayloadIdPrefix));
  EXPECT_NE(forged, victim);
}

TEST_F(ForeignToken, TypeIsJwtOrAbsentUnlessThePolicySaysOtherwise) {
  const auto with_type = [&](const std::string& type) {
    return check(maker.make(R"({"alg":"ES256","kid":"key-1")" + (type.empty() ? "" : ",\"typ\":\"" + type + "\"") + "}",
                            claims().text()));
  };
  for (const char* type : {"", "JWT", "jwt", "application/jwt"}) EXPECT_EQ(with_type(type), "authentic") << type;
  for (const char* type : {"at+jwt", "logout+jwt", "dpop+jwt", "JWT "}) EXPECT_EQ(with_type(type), "wrong_type") << type;
  policy.type = "at+jwt";
  for (const char* type : {"at+jwt", "application/at+JWT"}) EXPECT_EQ(with_type(type), "authentic") << type;
  for (const char* type : {"", "JWT"}) EXPECT_EQ(with_type(type), "wrong_type") << type;
}

TEST_F(ForeignToken, OneAudienceOfOneMustMatchUnlessNoneIsAskedFor) {
  EXPECT_EQ(check(claims().set("aud", R"("second")")), "authentic");
  EXPECT_EQ(check(claims().set("aud", R"(["x","second"])")), "authentic");
  for (const char* aud : {"\"\"", "\"apI\"", "\"api2\"", "[]", "[\"x\"]"}) {
    EXPECT_EQ(check(claims().set("aud", std::string(aud))), "wrong_audience") << aud;
  }
  EXPECT_EQ(check(claims().remove("aud")), "wrong_audience");
  policy.audiences.clear();
  EXPECT_EQ(check(claims().remove("aud")), "authentic");
  EXPECT_EQ(check(claims().set("aud", R"("anything")")), "authentic");
}

TEST_F(ForeignToken, TheIssuerIsComparedByteByByteAndALifetimeIsWithinThePolicy) {
  for (const char* iss : {"\"https://issuer.example/\"", "\"HTTPS://issuer.example\"", "\"https://issuer.exampl\""}) {
    EXPECT_EQ(check(claims().set("iss", std::string(iss))), "wrong_issuer") << iss;
  }
  EXPECT_EQ(check(claims().remove("iss")), "malformed");
  policy.max_lifetime = hours(1);
  EXPECT_EQ(check(claims().set("exp", kNow + hours(1))), "authentic");
  EXPECT_EQ(check(claims().set("exp", kNow + hours(1) + seconds(1))), "too_long_lived");
  EXPECT_EQ(check(claims().set("exp", kNow)), "too_long_lived");
}

TEST_F(ForeignToken, WithoutKidCountsOnlyWhereThereIsOneKey) {
  const std::string token = maker.make(R"({"alg":"ES256"})", claims().text());
  EXPECT_EQ(check(token), "authentic");
  const TokenMaker other = TokenMaker::generate(Algorithm::kEs256, "key-2");
  const auto two = KeySet::from_keys({maker.key(), other.key()});
  ASSERT_TRUE(two);
  const auto refused = authenticate_foreign(token, *two, policy);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), VerifyError::kUnknownKey);
  EXPECT_EQ(check(maker.make(R"({"alg":"ES256","kid":""})", claims().text())), "malformed") << "an empty kid is none at all";
}

TEST_F(ForeignToken, KeyAndAlgorithmAreNotTheTokensToChoose) {
  EXPECT_EQ(check(maker.make(R"({"alg":"ES256","kid":"key-2"})", claims().text())), "unknown_key");
  for (const char* alg : {"none", "HS256", "RS256", "es256"}) {
    EXPECT_EQ(check(maker.make(R"({"kid":"key-1","alg":")" + std::string(alg) + "\"}", claims().text())), "wrong_key") << alg;
  }
  const TokenMaker stranger = TokenMaker::generate(Algorithm::kEs256, "key-1");
  EXPECT_EQ(check(stranger.make(header, claims().text())), "bad_signature");
  for (const std::string& secret : {maker.public_pem(), maker.public_der(), maker.public_jwk(), maker.public_numbers()}) {
    const TokenMaker confused = TokenMaker::from_secret(secret, "key-1");
    EXPECT_EQ(check(confused.make(R"({"alg":"HS256","kid":"key-1"})", claims().text())), "wrong_key");
  }
}

TEST_F(ForeignToken, ShapeAndHeaderAreAsStrictAsOurs) {
  const std::string token = maker.make(header, claims().text());
  EXPECT_EQ(check(token + "."), "malformed");
  EXPECT_EQ(check(token + "="), "malformed");
  EXPECT_EQ(check("." + token), "malformed");
  for (const char* member : {R"("crit":["exp"])", R"("b64":false)", R"("jku":"https://x")", R"("jwk":{})", R"("zip":"DEF")"}) {
    EXPECT_EQ(check(maker.make(R"({"alg":"ES256","kid":"key-1",)" + std::string(member) + "}", claims().text())),
              "unsupported");
  }
  std::string twice = claims().text();
  twice.insert(1, R"("jti":"other",)");
  EXPECT_EQ(check(maker.make(header, twice)), "malformed") << "duplicate names";
}

TEST_F(ForeignToken, AKeyIdIsReadWithoutAnyVerification) {
  const auto read = read_key_id("eyJhbGciOiJFUzI1NiIsImtpZCI6ImEifQ.e30.AAAA");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, "a");
  EXPECT_EQ(*read_key_id(maker.make(R"({"alg":"ES256"})", "{}")), "");
  for (const char* token : {"", "..", "a.b", "a.b.c.d", "e30.e30.AAAA"}) EXPECT_FALSE(read_key_id(token)) << token;
}

// --- key sets ---

std::string set_of(std::initializer_list<std::string> keys) {
  std::string text;
  for (const std::string& key : keys) text += (text.empty() ? "" : ",") + key;
  return "{\"keys\":[" + text + "]}";
}

std::string without(std::string jwk, const std::string& name) {
  const std::size_t begin = jwk.find("\"" + name + "\":");
  EXPECT_NE(begin, std::string::npos) << jwk;
  std::size_t end = jwk.find(',', begin);
  if (end == std::string::npos) return jwk.erase(begin - 1, jwk.size() - begin);  // the last one, with the comma before it
  return jwk.erase(begin, end + 1 - begin);
}

std::string error_of(const std::string& jwks, std::vector<Algorithm> accepted = {}) {
  const auto keys = read_foreign_jwks(jwks, accepted);
  return keys ? "usable" : std::string(to_string(keys.error()));
}

TEST(ForeignKeys, WhatIsNotUnderstoodIsPassedOver) {
  const TokenMaker ec = TokenMaker::generate(Algorithm::kEs256, "ec");
  const std::string p384 = R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA","kid":"p384"})";
  const std::string encryption = R"({"kty":"RSA","use":"enc","alg":"RSA-OAEP","n":"AQAB","e":"AQAB","kid":"enc"})";
  const std::string secret = TokenMaker::from_secret(std::string(40, 's'), "secret").public_jwk();
  const std::string is_private = R"({"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA","kid":"private"})";
  const std::string unnamed = without(TokenMaker::generate(Algorithm::kEs256, "x").public_jwk(), "kid");
  const auto keys = read_foreign_jwks(set_of({p384, encryption, secret, is_private, unnamed, ec.public_jwk()}), {});
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->size(), 1u);
  EXPECT_NE(keys->find("ec"), nullptr);
  EXPECT_EQ(keys->find("secret"), nullptr) << "a secret that is published is none";
  EXPECT_EQ(error_of(set_of({p384, encryption, secret})), "unsupported") << "nothing is left";
}

TEST(ForeignKeys, AreRefusedWholeWhereTheDocumentIsNotOne) {
  const std::string jwk = TokenMaker::shared(Algorithm::kEs256).public_jwk();
  for (const std::string& text : {std::string(), std::string("<html>"), std::string("[]"), std::string("{}"), jwk,
                                  std::string("{\"keys\":{}}"), set_of({jwk, "1"}), set_of({jwk}) + "x"}) {
    EXPECT_EQ(error_of(text), "malformed") << text.substr(0, 40);
  }
  EXPECT_EQ(error_of(set_of({})), "unsupported");
  EXPECT_EQ(error_of(set_of({jwk, jwk})), "duplicate_key_id");
  EXPECT_EQ(error_of(set_of({jwk}).insert(1, std::string(kMaxKeySetBytes, ' '))), "malformed") << "too large";
}

TEST(ForeignKeys, AnRsaKeyWithoutAlgNeedsTheOneThatIsMeant) {
  const std::string jwk = without(TokenMaker::shared(Algorithm::kRs256).public_jwk(), "alg");
  EXPECT_EQ(error_of(set_of({jwk})), "unsupported");
  EXPECT_EQ(error_of(set_of({jwk}), {Algorithm::kRs256, Algorithm::kPs256}), "unsupported");
  EXPECT_EQ(error_of(set_of({jwk}), {Algorithm::kEs256}), "unsupported");
  for (const Algorithm algorithm : {Algorithm::kRs256, Algorithm::kPs256}) {
    const std::vector<Algorithm> accepted{Algorithm::kEs256, algorithm};
    const auto keys = read_foreign_jwks(set_of({jwk}), accepted);
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys->find("key-1")->algorithm(), algorithm);
  }
}

TEST(ForeignKeys, OnlyAcceptedAlgorithmsCount) {
  const std::string jwks = set_of(
      {TokenMaker::generate(Algorithm::kEs256, "ec").public_jwk(), TokenMaker::generate(Algorithm::kEdDsa, "ed").public_jwk()});
  const std::vector<Algorithm> accepted{Algorithm::kEdDsa};
  const auto keys = read_foreign_jwks(jwks, accepted);
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->find("ec"), nullptr);
  EXPECT_NE(keys->find("ed"), nullptr);
}

TEST(ForeignKeys, OneThatIsAloneNeedsNoKid) {
  const std::string jwk = without(TokenMaker::shared(Algorithm::kEs256).public_jwk(), "kid");
  const auto keys = read_foreign_jwks(set_of({jwk}), {});
  ASSERT_TRUE(keys);
  EXPECT_NE(find_signer(*keys, ""), nullptr);
  EXPECT_EQ(find_signer(*keys, "key-1"), nullptr);
}

}  // namespace
}  // namespace rescind
