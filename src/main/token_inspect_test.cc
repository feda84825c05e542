#include "main/token_inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rescind/base64url.h"
#include "rescind/verifier.h"

namespace rescind {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr WallTime kNow{std::chrono::milliseconds(1'700'000'000'000)};

std::string encode(std::string_view text) {
  return base64url_encode({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string token_of(std::string_view header, std::string_view claims) {
  return encode(header) + "." + encode(claims) + ".c2ln";
}

std::string described(std::string_view token) {
  const auto description = describe_token(token, kNow);
  return description ? *description : "refused: " + description.error().message;
}

TEST(TokenInspect, SaysFirstThatNothingWasVerified) {
  EXPECT_TRUE(described(token_of("{\"alg\":\"ES256\"}", "{}")).starts_with("NOT VERIFIED"));
}

TEST(TokenInspect, ShowsHeaderAndClaimsAndNeverTheSignature) {
  const std::string text = described(token_of("{\"alg\":\"none\"}", "{\"sub\":\"u1\",\"amr\":[\"pwd\"]}"));
  EXPECT_THAT(text, HasSubstr("\"alg\": \"none\""));
  EXPECT_THAT(text, HasSubstr("\"sub\": \"u1\""));
  EXPECT_THAT(text, HasSubstr("\"amr\": [\"pwd\"]"));
  EXPECT_THAT(text, Not(HasSubstr("c2ln")));
}

TEST(TokenInspect, SpellsTimesOut) {
  const std::string text = described(token_of("{}", "{\"iat\":1699999940,\"exp\":1700000900,\"nbf\":-1,\"auth_time\":1e308}"));
  EXPECT_THAT(text, HasSubstr("\"iat\": 1699999940  (2023-11-14T22:12:20Z, 60 seconds ago)"));
  EXPECT_THAT(text, HasSubstr("\"exp\": 1700000900  (2023-11-14T22:28:20Z, in 15 minutes)"));
  EXPECT_THAT(text, HasSubstr("\"nbf\": -1\n"));
}

TEST(TokenInspect, NothingInATokenReachesTheTerminalRaw) {
  const std::string text = described(token_of("{}", "{\"\\u001b[2J\":\"\\u009b31m\\u202e\\u007f\\u0000\\n\"}"));
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= ' ' && c < '\x7f')) << static_cast<int>(c);
  EXPECT_THAT(text, HasSubstr("u001"));
}

TEST(TokenInspect, RefusesWhatIsNotThreeCanonicalSegmentsOfStrictJson) {
  const std::string good = token_of("{}", "{}");
  for (const std::string& token : {std::string(), std::string("abc"), std::string("a.b"), good + ".x", "." + good, good + "=",
                                   good + " ", token_of("[]", "{}"), token_of("{}", "1"), token_of("{}", "{\"a\":1,\"a\":2}"),
                                   token_of("{}",
                                            "{} "
                                            "x"),
                                   std::string("rt1.abc"), std::string(kMaxTokenBytes + 1, 'a')}) {
    EXPECT_TRUE(described(token).starts_with("refused: ")) << token;
  }
}

TEST(TokenInspect, AnErrorNeverRepeatsTheToken) { EXPECT_THAT(described("verysecret"), Not(HasSubstr("verysecret"))); }

}  // namespace
}  // namespace rescind
