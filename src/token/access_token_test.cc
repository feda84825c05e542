#include "token/access_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <map>

#include "rescind/revocation_index.h"
#include "rescind/verifier.h"
#include "token/test_random.h"

namespace rescind {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;

constexpr WallTime kNow{milliseconds(1'800'000'000'999)};
constexpr Algorithm kAll[] = {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kPs256, Algorithm::kHs256};

const KeyRing& ring_of(Algorithm algorithm) {
  static CountingRandom random;
  static std::map<Algorithm, KeyRing> rings;
  const auto found = rings.find(algorithm);
  if (found != rings.end()) return found->second;
  return rings.emplace(algorithm, *KeyRing::generate(algorithm, random)).first->second;
}

class AccessToken : public testing::Test {
 protected:
  AccessToken() {
    CountingRandom random;
    user_.id = UserId{"user-1"};
    user_.token_version = 3;
    session_.id = SessionId::create(random);
    session_.user = user_.id;
    session_.created_at = kNow - seconds(3600);
    session_.amr = {"pwd"};
    id_ = TokenId::create(random);
    policy_ = {"https://id.example.org", "https://api.example.org", seconds(900)};
  }

  std::string issue(Algorithm algorithm = Algorithm::kEs256) const {
    return issue_access_token(user_, session_, id_, policy_, ring_of(algorithm).signing_key(), kNow);
  }
  Result<VerifiedToken, VerifyError> check(const std::string& token, Algorithm algorithm = Algorithm::kEs256) const {
    VerifierPolicy policy;
    policy.issuer = policy_.issuer;
    policy.audience = policy_.audience;
    policy.max_lifetime = policy_.ttl;
    return verify(token, ring_of(algorithm).verification_keys(), RevocationIndex(), policy, to_seconds(kNow));
  }
  json::object payload() const {
    const std::string token = issue();
    const std::size_t first = token.find('.');
    const auto bytes = *base64url_decode(std::string_view(token).substr(first + 1, token.rfind('.') - first - 1));
    return json::parse(std::string(bytes.begin(), bytes.end())).as_object();
  }

  User user_;
  Session session_;
  TokenId id_;
  AccessTokenPolicy policy_;
};

TEST_F(AccessToken, OfEveryAlgorithmIsTakenByTheVerifierAndSaysWhatItWasMadeOf) {
  user_.roles = {"admin", "auditor"};
  session_.client_id = "shop";
  for (const Algorithm algorithm : kAll) {
    const auto token = check(issue(algorithm), algorithm);
    ASSERT_TRUE(token) << to_string(algorithm) << " " << to_string(token.error());
    const Claims& claims = token->claims();
    EXPECT_EQ(claims.issuer, policy_.issuer);
    EXPECT_EQ(claims.subject, "user-1");
    EXPECT_THAT(claims.audience, ElementsAre(policy_.audience));
    EXPECT_EQ(claims.issued_at, to_seconds(kNow));
    EXPECT_EQ(claims.expires_at, to_seconds(kNow) + seconds(900));
    EXPECT_EQ(claims.token_id, id_.text());
    EXPECT_EQ(claims.session_id, session_.id.text());
    EXPECT_EQ(claims.token_version, 3);
    EXPECT_EQ(claims.client_id, "shop");
    EXPECT_EQ(claims.auth_time, to_seconds(session_.created_at));
    EXPECT_THAT(claims.amr, ElementsAre("pwd"));
    EXPECT_THAT(claims.roles, ElementsAre("admin", "auditor"));
  }
}

TEST_F(AccessToken, MembersStandInOneOrder) {
  user_.roles = {"admin"};
  session_.client_id = "shop";
  session_.claims_json = *check_custom_claims(R"({"plan":"pro"})");
  std::vector<std::string> names;
  for (const auto& [name, value] : payload()) names.emplace_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"iss", "sub", "aud", "iat", "exp", "jti", "sid", "tv", "auth_time", "amr",
                                             "client_id", "roles", "plan"}));
}

TEST_F(AccessToken, WhatIsNotSetIsNotThere) {
  session_.amr.clear();
  const json::object claims = payload();
  EXPECT_FALSE(claims.contains("roles"));
  EXPECT_FALSE(claims.contains("client_id"));
  EXPECT_FALSE(claims.contains("scope"));
  EXPECT_TRUE(claims.at("amr").as_array().empty());
  EXPECT_TRUE(check(issue()));
}

TEST_F(AccessToken, AnyTextInANameStaysInsideItsString) {
  user_.id.text = "\",\"roles\":[\"admin\"],\"x\":\"\\";
  session_.client_id = "\"}\n";
  policy_.audience = "a\"b\\c";
  const auto token = check(issue());
  ASSERT_TRUE(token) << to_string(token.error());
  EXPECT_EQ(token->claims().subject, user_.id.text);
  EXPECT_EQ(token->claims().client_id, session_.client_id);
  EXPECT_TRUE(token->claims().roles.empty());
}

TEST_F(AccessToken, TheApplicationsClaimsAreSpliced) {
  session_.claims_json = *check_custom_claims(R"( { "plan" : "pro", "scope":"read write", "tenant":{"id":7} } )");
  const auto token = check(issue());
  ASSERT_TRUE(token) << to_string(token.error());
  EXPECT_EQ(token->claims().scope, "read write");
  EXPECT_EQ(payload().at("tenant").at("id"), 7);
  EXPECT_EQ(payload().at("plan"), "pro");
  session_.claims_json = *check_custom_claims("{}");
  EXPECT_TRUE(check(issue()));
}

TEST_F(AccessToken, RolesOfTheApplicationWinOverTheUsers) {
  user_.roles = {"admin"};
  session_.claims_json = *check_custom_claims(R"({"roles":["reader"]})");
  EXPECT_THAT(check(issue())->claims().roles, ElementsAre("reader"));
  session_.claims_json = *check_custom_claims(R"({"roles":[]})");
  EXPECT_TRUE(check(issue())->claims().roles.empty());
}

TEST_F(AccessToken, ARowAlteredInTheStoreCannotSpeakForTheServer) {
  for (const char* altered : {R"({"sub":"admin"})", R"("},{"sub":"admin"})", R"({"a":1},"sub":"admin")", "{", "x", "[]",
                              R"({"exp":9999999999})", R"({"a":1,"a":2})", R"({"roles":"admin"})"}) {
    session_.claims_json = altered;
    const auto token = check(issue());
    ASSERT_TRUE(token) << altered;
    EXPECT_EQ(token->claims().subject, "user-1");
    EXPECT_EQ(token->claims().expires_at, to_seconds(kNow) + policy_.ttl);
    EXPECT_TRUE(token->claims().roles.empty());
  }
}

TEST_F(AccessToken, LivesExactlyAsLongAsThePolicySays) {
  const std::string token = issue();
  VerifierPolicy policy;
  policy.issuer = policy_.issuer;
  policy.audience = policy_.audience;
  policy.leeway = seconds(0);
  policy.max_lifetime = policy_.ttl;
  const KeySet& keys = ring_of(Algorithm::kEs256).verification_keys();
  const RevocationIndex index;
  EXPECT_TRUE(verify(token, keys, index, policy, to_seconds(kNow)));
  EXPECT_TRUE(verify(token, keys, index, policy, to_seconds(kNow) + seconds(899)));
  EXPECT_FALSE(verify(token, keys, index, policy, to_seconds(kNow) + seconds(900)));
}

TEST_F(AccessToken, OfTheLargestInputsIsWithinTheVerifiersLimit) {
  policy_.issuer = std::string(kMaxIssuerBytes, '"');
  policy_.audience = std::string(kMaxIssuerBytes, '\\');
  user_.id.text = std::string(kMaxUserIdBytes, '"');
  user_.token_version = std::int64_t{1} << 53;
  user_.roles = std::vector<std::string>(kMaxRoles, std::string(kMaxRolesBytes / kMaxRoles - 3, 'r'));
  session_.client_id = std::string(kMaxClientIdBytes, '"');
  session_.amr = std::vector<std::string>(kMaxAmrBytes / 6, "pwd");
  session_.claims_json = R"({"a":")" + std::string(kMaxCustomClaimsBytes - 8, 'a') + R"("})";
  ASSERT_EQ(session_.claims_json.size(), kMaxCustomClaimsBytes);
  ASSERT_TRUE(check_custom_claims(session_.claims_json));
  for (const Algorithm algorithm : kAll) {
    const std::string token = issue(algorithm);
    EXPECT_LE(token.size(), kMaxTokenBytes);
    const auto verified = check(token, algorithm);
    ASSERT_TRUE(verified) << to_string(algorithm) << " " << to_string(verified.error());
    // With the longest key id and the longest RSA signature that a key file may bring, it would still fit.
    const std::size_t longest = token.size() + (kMaxKeyIdBytes * 2 + 512) * 4 / 3 + 4;
    EXPECT_LE(longest, kMaxTokenBytes);
  }
}

TEST(CustomClaims, ReservedNamesAreRefusedHoweverTheyAreWritten) {
  for (const char* name :
       {"iss", "sub", "aud", "iat", "nbf", "exp", "jti", "sid", "tv", "auth_time", "amr", "client_id", "typ", "cnf", "act"}) {
    EXPECT_TRUE(is_reserved_claim(name));
    EXPECT_FALSE(check_custom_claims("{\"" + std::string(name) + "\":1}")) << name;
    EXPECT_FALSE(check_custom_claims("{\"a\":1,\"" + std::string(name) + "\":null}")) << name;
  }
  EXPECT_FALSE(check_custom_claims(R"({"\u0073ub":"admin"})"));
  EXPECT_TRUE(check_custom_claims(R"({"Sub":"x","sub ":"y","nested":{"sub":"z"}})"));
}

TEST(CustomClaims, WhatIsNotOneObjectIsRefused) {
  for (const char* text : {"", " ", "[]", "1", "\"a\"", "null", "{", "{}x", "{}{}", "{\"a\":1,}", "{a:1}", "{\"a\":NaN}",
                           "{\"a\":1e999}", "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}", "{\"a\":1,\"a\":2}",
                           "{\"a\":1,\"\\u0061\":2}", "/**/{}", "{\"a\":\"\\ud800\"}"}) {
    EXPECT_FALSE(check_custom_claims(text)) << text;
  }
}

TEST(CustomClaims, LoseTheirWhiteSpaceAndKeepTheirText) {
  EXPECT_EQ(*check_custom_claims(" {\n \"a\" : [ 1 , true , null ] , \"b\":\"\\u0041\" } "),
            R"({"a":[1,true,null],"b":"\u0041"})");
  EXPECT_EQ(*check_custom_claims(R"( { "a b" : " \" x \\" , "c" : 0.1 , "d" : [ 222222222212222222220.1, 1e5 ] } )"),
            R"({"a b":" \" x \\","c":0.1,"d":[222222222212222222220.1,1e5]})");
  EXPECT_EQ(*check_custom_claims("{}"), "{}");
}

TEST(CustomClaims, RolesAndScopeMustBeOfTheFormThatTheVerifierReads) {
  EXPECT_TRUE(check_custom_claims(R"({"roles":["a","b"],"scope":"c d"})"));
  for (const char* text : {R"({"roles":"a"})", R"({"roles":[1]})", R"({"roles":["a",null]})", R"({"roles":{}})",
                           R"({"scope":["a"]})", R"({"scope":1})", R"({"scope":null})"}) {
    EXPECT_FALSE(check_custom_claims(text)) << text;
  }
  const auto roles = [](std::size_t count, std::size_t length) {
    std::string text = "{\"roles\":[";
    for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "\"" : ",\"") + std::string(length, 'r') + "\"";
    return text + "]}";
  };
  EXPECT_TRUE(check_custom_claims(roles(kMaxRoles, 1)));
  EXPECT_FALSE(check_custom_claims(roles(kMaxRoles + 1, 1)));
  EXPECT_TRUE(check_custom_claims(roles(1, 1024)));
  EXPECT_FALSE(check_custom_claims(roles(1, 1025)));
}

TEST(CustomClaims, AreBoundedInLength) {
  const auto of_length = [](std::size_t length) { return R"({"a":")" + std::string(length - 8, 'a') + R"("})"; };
  EXPECT_TRUE(check_custom_claims(of_length(kMaxCustomClaimsBytes)));
  EXPECT_FALSE(check_custom_claims(of_length(kMaxCustomClaimsBytes + 1)));
}

TEST(CustomClaims, LeaveRoomBelowTheVerifiersDepth) {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_TRUE(check_custom_claims(nested(kMaxJsonDepth - 1)));
  EXPECT_FALSE(check_custom_claims(nested(kMaxJsonDepth)));
  EXPECT_FALSE(check_custom_claims(nested(1000)));
}

}  // namespace
}  // namespace rescind
