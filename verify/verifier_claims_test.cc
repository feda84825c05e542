// The claims: what they must be, and that nothing else is taken for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "verify/claims.h"
#include "verify/testing/verifier_fixture.h"

namespace rescind {
namespace {

using namespace testing;
using ::testing::ElementsAre;

class ClaimsCheck : public VerifierFixture {
 protected:
  std::string check_with(const std::string& name, const std::string& json) const {
    return check_claims(ClaimsText(kNow).set(name, json));
  }
};

TEST_F(ClaimsCheck, AreReadAsTheyWereSigned) {
  ClaimsText text(kNow);
  text.set("aud", R"(["other","api"])").set("amr", R"(["pwd","otp"])").set("roles", R"(["admin"])").set("scope", R"("a b")");
  text.set("nbf", kNow).set("auth_time", kNow - std::chrono::hours(1)).set("app", R"({"tenant":7})");
  const auto token = verify(maker.make(text.text()), keys, index, policy, kNow);
  ASSERT_TRUE(token);
  const Claims& claims = token->claims();
  EXPECT_EQ(claims.issuer, kIssuer);
  EXPECT_EQ(claims.subject, kSubject);
  EXPECT_THAT(claims.audience, ElementsAre("other", "api"));
  EXPECT_EQ(claims.issued_at, kNow);
  EXPECT_EQ(claims.expires_at, kNow + std::chrono::minutes(15));
  EXPECT_EQ(claims.not_before, kNow);
  EXPECT_EQ(claims.token_id, kTokenId);
  EXPECT_EQ(claims.session_id, kSessionId);
  EXPECT_EQ(claims.token_version, kTokenVersion);
  EXPECT_EQ(claims.client_id, kClientId);
  EXPECT_EQ(claims.auth_time, kNow - std::chrono::hours(1));
  EXPECT_THAT(claims.amr, ElementsAre("pwd", "otp"));
  EXPECT_THAT(claims.roles, ElementsAre("admin"));
  EXPECT_EQ(claims.scope, "a b");
  EXPECT_EQ(claims.json, text.text());
}

TEST_F(ClaimsCheck, RequiredOnesAreRequiredAndOptionalOnesAreNot) {
  for (const std::string name : {"iss", "sub", "aud", "iat", "exp", "jti"}) {
    EXPECT_EQ(check_claims(ClaimsText(kNow).remove(name)), "malformed") << name;
  }
  for (const std::string name : {"sid", "tv", "client_id"}) {
    EXPECT_EQ(check_claims(ClaimsText(kNow).remove(name)), "good") << name;
  }
}

TEST_F(ClaimsCheck, NamesAreNonEmptyBoundedStrings) {
  for (const std::string name : {"iss", "sub", "jti", "sid", "client_id"}) {
    for (const std::string json : {"\"\"", "null", "1", "true", "[]", "{}", "[\"a\"]"}) {
      EXPECT_EQ(check_with(name, json), "malformed") << name << json;
    }
    EXPECT_EQ(check_with(name, quote(std::string(1025, 'x'))), "malformed") << name;
  }
  for (const std::string name : {"sub", "jti", "sid", "client_id"}) {
    EXPECT_EQ(check_with(name, quote(std::string(1024, 'x'))), "good") << name;
  }
}

TEST_F(ClaimsCheck, NumericDatesAndVersionsAreIntegersUpTo2To53) {
  for (const std::string name : {"iat", "exp", "nbf", "auth_time", "tv"}) {
    for (const std::string json : {"1.5",
                                   "1.0",
                                   "1e3",
                                   "1e308",
                                   "-1",
                                   "-1.0",
                                   "\"123\"",
                                   "\"\"",
                                   "null",
                                   "true",
                                   "[1]",
                                   "{}",
                                   "9223372036854775808",
                                   "9223372036854775807",
                                   "9007199254740993",
                                   "18446744073709551616",
                                   "-9223372036854775808",
                                   "1e999",
                                   "NaN",
                                   "Infinity",
                                   "0x10",
                                   "01",
                                   "+1",
                                   "1700000000.0",
                                   "1.7e9"}) {
      EXPECT_EQ(check_with(name, json), "malformed") << name << " " << json;
    }
  }
  for (const std::string name : {"auth_time", "tv"}) {
    for (const std::string json : {"0", "-0", "1", "9007199254740992"})
      EXPECT_EQ(check_with(name, json), "good") << name << json;
  }
}

TEST_F(ClaimsCheck, ListsAreBoundedArraysOfStrings) {
  for (const std::string name : {"amr", "roles"}) {
    EXPECT_EQ(check_with(name, "[]"), "good");
    EXPECT_EQ(check_with(name, R"(["a","b"])"), "good");
    for (const std::string json : {"\"a\"", "null", "{}", "1", "[1]", "[null]", "[[\"a\"]]", R"(["a",2])"}) {
      EXPECT_EQ(check_with(name, json), "malformed") << name << json;
    }
    std::string many = "[\"r\"";
    for (int i = 1; i < 64; ++i) many += ",\"r\"";
    EXPECT_EQ(check_with(name, many + "]"), "good");
    EXPECT_EQ(check_with(name, many + ",\"r\"]"), "malformed");
  }
  for (const std::string json : {"null", "1", "[]", "[\"a\"]"}) EXPECT_EQ(check_with("scope", json), "malformed") << json;
}

TEST_F(ClaimsCheck, TheIssuerIsComparedByteByByte) {
  const std::string issuer(kIssuer);
  for (const std::string& other :
       {issuer + "/", issuer.substr(0, issuer.size() - 1), std::string("HTTPS://issuer.example"), issuer + "x", " " + issuer,
        issuer + '\0', std::string("https://issuer.example:443"), std::string("x")}) {
    EXPECT_EQ(check_with("iss", quote(other)), "wrong_issuer") << other;
  }
  EXPECT_EQ(check_with("iss", "[" + quote(issuer) + "]"), "malformed");
}

TEST_F(ClaimsCheck, OneAudienceMustBeOursByteByByte) {
  for (const std::string json : {"\"api\"", "[\"api\"]", R"(["a","api"])", R"(["api","a"])"})
    EXPECT_EQ(check_with("aud", json), "good") << json;
  for (const std::string json :
       {"\"API\"", "\"api/\"", "\"ap\"", "\"apis\"", "\"*\"", R"(["a","b"])", R"("api other")", R"("api\u0000")", "\" api\""}) {
    EXPECT_EQ(check_with("aud", json), "wrong_audience") << json;
  }
  for (const std::string json :
       {"[]", "\"\"", "null", "1", "{}", "[1]", R"(["api",1])", R"(["api",""])", R"([["api"]])", R"({"api":1})"}) {
    EXPECT_EQ(check_with("aud", json), "malformed") << json;
  }
}

TEST_F(ClaimsCheck, DuplicateClaimsAreRefusedHoweverEscaped) {
  const std::string payload = ClaimsText(kNow).text();
  const std::string head = payload.substr(0, payload.size() - 1);
  for (const std::string_view more :
       {R"(,"jti":"token-1"})", R"(,"jti":"other"})", R"(,"\u006ati":"other"})", R"(,"\u006A\u0074\u0069":"o"})",
        R"(,"exp":9999999999})", R"(,"sub":"admin"})", R"(,"x":{"a":1,"a":2}})"}) {
    EXPECT_EQ(check_payload(head + std::string(more)), "malformed") << more;
  }
}

TEST_F(ClaimsCheck, ClaimsOfANestedObjectOrOfAnotherCaseCountForNothing) {
  EXPECT_EQ(check_claims(ClaimsText(kNow).remove("jti").set("x", R"({"jti":"a"})")), "malformed");
  EXPECT_EQ(check_claims(ClaimsText(kNow).remove("jti").set("JTI", "\"a\"")), "malformed");
  EXPECT_EQ(check_payload("[" + ClaimsText(kNow).text() + "]"), "malformed");
}

TEST_F(ClaimsCheck, APayloadThatIsNoStrictJsonIsRefused) {
  const std::string payload = ClaimsText(kNow).text();
  for (const std::string& text : {payload + "x", payload + payload, "\xef\xbb\xbf" + payload, payload + '\0', payload.substr(1),
                                  std::string("null"), std::string("\"\""), std::string(" ")}) {
    EXPECT_EQ(check_payload(text), "malformed") << text;
  }
  EXPECT_EQ(check_with("sub", "\"\xff\""), "malformed");
  EXPECT_EQ(check_with("sub", "\"\xc0\x80\""), "malformed");
  EXPECT_EQ(check_with("sub", R"("\ud800")"), "malformed");
}

TEST_F(ClaimsCheck, JsonBombsAreRefused) {
  EXPECT_EQ(check_payload(std::string(5000, '[')), "malformed");
  EXPECT_EQ(check_payload(std::string(100'000, '[')), "malformed");
  EXPECT_EQ(check_with("x", std::string(2500, '[') + std::string(2500, ']')), "malformed");
  EXPECT_EQ(check_with("x", std::string(7, '[') + std::string(7, ']')), "good");  // depth 8 with the payload's own
  EXPECT_EQ(check_with("x", std::string(8, '[') + std::string(8, ']')), "malformed");
  EXPECT_EQ(check_with("x", std::string(5000, '9')), "malformed");
  EXPECT_EQ(check_with("x", "0." + std::string(4000, '9')), "good");
  EXPECT_EQ(check_with("exp", std::string(3000, '9')), "malformed");
}

// The claims object itself, without a bound on the size of the token around it.
TEST_F(ClaimsCheck, ParsingKeepsToItsDepthForTextsOfAnySize) {
  EXPECT_EQ(parse_claims(std::string(10'000'000, '[')), nullptr);
  std::string nested;
  for (int i = 0; i < 100'000; ++i) nested += R"({"a":)";
  EXPECT_EQ(parse_claims(nested), nullptr);
}

TEST_F(ClaimsCheck, NulInSubjectIsKeptAndDoesNotCollideWithTruncatedForm) {
  const auto token = verify(maker.make(ClaimsText(kNow).set("sub", R"("user-1\u0000x")").text()), keys, index, policy, kNow);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->claims().subject, std::string("user-1\0x", 8));
  EXPECT_TRUE(index.apply(revocation(RevocationKind::kUser, user_key(kIssuer, "user-1"), 100)));
  EXPECT_EQ(check_with("sub", R"("user-1\u0000x")"), "good");
  EXPECT_EQ(check_with("sub", R"("user-1\u0000")"), "good");
  EXPECT_EQ(check_with("sub", R"("user-1")"), "revoked");
}

}  // namespace
}  // namespace rescind
