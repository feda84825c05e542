// The shape of a token and of its header: exactly one text is a token.
#include <gtest/gtest.h>

#include <set>

#include "verify/testing/verifier_fixture.h"

namespace rescind {
namespace {

using namespace testing;

class Shape : public VerifierFixture {
 protected:
  const std::string token = maker.make(ClaimsText(kNow).text());
  const std::vector<std::string> segments = split_token(token);
};

TEST_F(Shape, ExtraMissingAndEmptySegmentsAreRefused) {
  const std::string& header = segments[0];
  const std::string& payload = segments[1];
  const std::string& signature = segments[2];
  ASSERT_EQ(check(token), "good");
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("..."), header, header + "." + payload, token + ".",
        "." + token, token + ".d", token + "." + signature, header + ".." + signature, "." + payload + "." + signature,
        header + "." + payload + ".", header + "." + payload + ".." + signature, token + "." + token, token + "..",
        std::string(kMaxTokenBytes, '.')}) {
    EXPECT_EQ(check(text), "malformed") << text;
  }
}

TEST_F(Shape, FiveSegmentsOfAnEncryptedTokenAreRefused) {
  const std::string header =
      encode(R"({"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":2147483647,"p2s":"AA","kid":"key-1"})");
  EXPECT_EQ(check(header + ".AAAA.AAAA.AAAA.AAAA"), "malformed");
  EXPECT_EQ(check(header + "...."), "malformed");
  for (const std::string_view member :
       {R"("enc":"A128GCM")", R"("epk":{})", R"("p2c":1)", R"("p2s":"AA")", R"("zip":"DEF")", R"("cty":"JWT")"}) {
    EXPECT_EQ(check_header(R"({"alg":"HS256","typ":"at+jwt","kid":"key-1",)" + std::string(member) + "}"), "unsupported")
        << member;
  }
}

TEST_F(Shape, JsonSerialisationsAreRefused) {
  const std::string flat =
      R"({"protected":")" + segments[0] + R"(","payload":")" + segments[1] + R"(","signature":")" + segments[2] + "\"}";
  const std::string general = R"({"payload":")" + segments[1] + R"(","signatures":[{"protected":")" + segments[0] +
                              R"(","signature":")" + segments[2] + R"("}]})";
  for (const std::string& text : {flat, general, "[" + flat + "]", '"' + token + '"'})
    EXPECT_EQ(check(text), "malformed") << text;
}

TEST_F(Shape, ATokenOverTheSizeIsRefusedBeforeItIsSplit) {
  ClaimsText claims(kNow);
  claims.set("pad", quote(std::string(5000, 'x')));
  const std::string large = maker.make(claims.text());
  ASSERT_LE(large.size(), kMaxTokenBytes);
  EXPECT_EQ(check(large), "good");
  claims.set("pad", quote(std::string(6500, 'x')));
  EXPECT_EQ(check(maker.make(claims.text())), "malformed");
  EXPECT_EQ(check(std::string(10'000'000, '.')), "malformed");
  EXPECT_EQ(check(std::string(10'000'000, 'A')), "malformed");
}

TEST_F(Shape, SpaceNulAndPrefixesAroundATokenAreRefused) {
  for (const std::string& text : {" " + token, token + " ", token + "\n", "\t" + token, token + '\0', '\0' + token,
                                  "Bearer " + token, token + ",", token + ";", "\xef\xbb\xbf" + token}) {
    EXPECT_EQ(check(text), "malformed") << text;
  }
}

TEST_F(Shape, AnyCritIsRefused) {
  for (const std::string_view crit :
       {R"(["exp"])", R"(["alg"])", "[]", R"("exp")", "null", "{}", "1", R"(["b64"])", R"(["x","x"])"}) {
    EXPECT_EQ(check_header(R"({"alg":"HS256","typ":"at+jwt","kid":"key-1","crit":)" + std::string(crit) + "}"), "unsupported")
        << crit;
  }
}

TEST_F(Shape, AnyB64IsRefusedWithOrWithoutCrit) {
  for (const std::string_view b64 : {"false", "true", "null", "0", "\"false\""}) {
    const std::string header = R"({"alg":"HS256","typ":"at+jwt","kid":"key-1","b64":)" + std::string(b64);
    EXPECT_EQ(check_header(header + "}"), "unsupported") << b64;
    EXPECT_EQ(check_header(header + R"(,"crit":["b64"]})"), "unsupported") << b64;
  }
  // Unencoded payload (RFC 7797): signed as it is.
  const std::string input = encode(R"({"alg":"HS256","typ":"at+jwt","kid":"key-1","b64":false,"crit":["b64"]})") + ".{}";
  EXPECT_EQ(check(input + "." + encode(maker.sign(input))), "malformed");
}

TEST_F(Shape, AnUnknownHeaderMemberIsRefused) {
  for (const std::string_view member : {R"("x":1)", R"("exp":1)", R"("Alg":"HS256")", R"("alg\u0000":"HS256")", R"("":"")",
                                        R"("url":"u")", R"("nonce":"n")", R"("iss":"i")"}) {
    EXPECT_EQ(check_header(R"({"alg":"HS256","typ":"at+jwt","kid":"key-1",)" + std::string(member) + "}"), "unsupported")
        << member;
  }
}

TEST_F(Shape, DuplicateHeaderNamesAreRefused) {
  for (const std::string_view header : {R"({"alg":"HS256","alg":"HS256","typ":"at+jwt","kid":"key-1"})",
                                        R"({"alg":"none","typ":"at+jwt","kid":"key-1","alg":"HS256"})",
                                        R"({"alg":"HS256","\u0061lg":"none","typ":"at+jwt","kid":"key-1"})",
                                        R"({"alg":"HS256","typ":"at+jwt","typ":"at+jwt","kid":"key-1"})"}) {
    EXPECT_EQ(check_header(header), "malformed") << header;
  }
}

TEST_F(Shape, AHeaderThatIsNoJsonObjectIsRefused) {
  for (const std::string_view header :
       {"x", "null", "[]", "\"alg\"", "1", "{}", "{} ", R"({"alg":"HS256","typ":"at+jwt","kid":"key-1"}x)",
        "\xef\xbb\xbf{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"key-1\"}", "{\"alg\":\"\xff\"}"}) {
    EXPECT_EQ(check_header(header), "malformed") << header;
  }
  EXPECT_EQ(check_header(std::string(100'000, '[')), "malformed");
  EXPECT_EQ(check_header(std::string(5'000, '[')), "malformed");
}

TEST_F(Shape, TypeIsComparedWithoutCaseAndWithOrWithoutApplication) {
  const auto header = [](std::string_view type) { return R"({"alg":"HS256","kid":"key-1","typ":)" + quote(type) + "}"; };
  for (const std::string_view type :
       {"at+jwt", "AT+JWT", "At+Jwt", "application/at+jwt", "APPLICATION/AT+JWT", "Application/at+JWT"}) {
    EXPECT_EQ(check_header(header(type)), "good") << type;
  }
  policy.type = "application/at+jwt";
  EXPECT_EQ(check_header(header("at+jwt")), "good");
}

// RFC 8725 section 3.11: a token made for something else is no access token.
TEST_F(Shape, ATokenOfAnotherTypeIsRefused) {
  const auto header = [](std::string_view type) { return R"({"alg":"HS256","kid":"key-1","typ":)" + quote(type) + "}"; };
  for (const std::string_view type : {"JWT", "jwt", "dpop+jwt", "logout+jwt", "statuslist+jwt", "oauth-authz-req+jwt",
                                      "token-introspection+jwt", "rt+jwt", "", "at", "at+jwt ", " at+jwt", "at+jwt;v=1",
                                      "text/at+jwt", "application/application/at+jwt", "application/", "at+jwtx", "JOSE"}) {
    EXPECT_EQ(check_header(header(type)), "wrong_type") << type;
  }
  EXPECT_EQ(check_header(header(std::string_view("at+jwt\0", 7))), "wrong_type");
  EXPECT_EQ(check_header(R"({"alg":"HS256","kid":"key-1"})"), "wrong_type");
  for (const std::string_view type : {"null", "1", "[\"at+jwt\"]"}) {
    EXPECT_EQ(check_header(R"({"alg":"HS256","kid":"key-1","typ":)" + std::string(type) + "}"), "malformed") << type;
  }
}

TEST_F(Shape, EveryReasonHasItsOwnName) {
  std::set<std::string_view> names;
  constexpr VerifyError kAll[] = {VerifyError::kMalformed,   VerifyError::kUnsupported,   VerifyError::kWrongType,
                                  VerifyError::kUnknownKey,  VerifyError::kWrongKey,      VerifyError::kBadSignature,
                                  VerifyError::kWrongIssuer, VerifyError::kWrongAudience, VerifyError::kTooLongLived,
                                  VerifyError::kNotYetValid, VerifyError::kExpired,       VerifyError::kRevoked};
  for (const VerifyError error : kAll) names.insert(to_string(error));
  EXPECT_EQ(names.size(), std::size(kAll));
  EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace rescind
