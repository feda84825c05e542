#include "main/issuer_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rescind {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kGood =
    "[[issuers]]\n"
    "name = \"sso\"\n"
    "issuer = \"https://sso.example\"\n"
    "jwks_url = \"https://sso.example/jwks\"\n"
    "audience = \"api\"\n";

Result<Config, ConfigError> parse(const std::string& toml) {
  return parse_config(ConfigSources{ConfigFile{"rescind.toml", toml}, {}, {}});
}

IssuerConfig good(const std::string& toml) {
  const auto config = parse(toml);
  EXPECT_TRUE(config) << config.error().message;
  return config && !config->issuers.empty() ? config->issuers.front() : IssuerConfig{};
}

std::string problem(const std::string& toml) {
  const auto config = parse(toml);
  return config ? "no problem" : config.error().message;
}

// kGood with a line more, or with the line of a name in another form ("" for none).
std::string with(const std::string& line) { return std::string(kGood) + line + "\n"; }
std::string instead(const std::string& name, const std::string& line) {
  std::string text(kGood);
  const std::size_t begin = text.find("\n" + name + " = ") + 1;
  return text.replace(begin, text.find('\n', begin) - begin, line);
}

TEST(IssuerConfig, HasTheDocumentedDefaults) {
  const IssuerConfig issuer = good(std::string(kGood));
  EXPECT_EQ(issuer.name, "sso");
  EXPECT_EQ(issuer.policy.issuer, "https://sso.example");
  EXPECT_THAT(issuer.policy.audiences, ElementsAre("api"));
  EXPECT_EQ(issuer.policy.type, "JWT");
  EXPECT_THAT(issuer.policy.user, ElementsAre("sub"));
  EXPECT_THAT(issuer.policy.session, ElementsAre("sid"));
  EXPECT_THAT(issuer.policy.roles, IsEmpty());
  EXPECT_THAT(issuer.policy.scope, ElementsAre("scope"));
  EXPECT_EQ(issuer.policy.max_lifetime, hours(24));
  EXPECT_THAT(issuer.jwks.algorithms, IsEmpty());
  EXPECT_EQ(issuer.jwks.timeout, seconds(5));
  EXPECT_EQ(issuer.jwks.cooldown, seconds(30));
  EXPECT_EQ(issuer.jwks.max_age, minutes(10));
  EXPECT_EQ(issuer.jwks.max_stale, hours(24));
}

TEST(IssuerConfig, TheShippedExampleIsGoodAsItStands) {
  const IssuerConfig issuer = good(std::string(issuers_example()));
  EXPECT_EQ(issuer.name, "keycloak");
  EXPECT_THAT(issuer.policy.roles, ElementsAre("realm_access", "roles"));
}

TEST(IssuerConfig, ReadsEverySetting) {
  const IssuerConfig issuer = good(instead("audience", "audience = [\"a\", \"b\"]") +
                                   "type = \"at+jwt\"\nalgorithms = [\"RS256\", \"ES256\"]\nuser_claim = "
                                   "\"uid\"\nsession_claim = \"\"\nscope_claim = \"scp\"\n"
                                   "max_lifetime = \"2h\"\njwks_timeout = \"500ms\"\njwks_cooldown = \"1s\"\njwks_max_age = "
                                   "\"1m\"\njwks_max_stale = \"1h\"\n");
  EXPECT_THAT(issuer.policy.audiences, ElementsAre("a", "b"));
  EXPECT_EQ(issuer.policy.type, "at+jwt");
  EXPECT_THAT(issuer.jwks.algorithms, ElementsAre(Algorithm::kRs256, Algorithm::kEs256));
  EXPECT_THAT(issuer.policy.user, ElementsAre("uid"));
  EXPECT_THAT(issuer.policy.session, IsEmpty());
  EXPECT_THAT(issuer.policy.scope, ElementsAre("scp"));
  EXPECT_EQ(issuer.policy.max_lifetime, hours(2));
  EXPECT_EQ(issuer.jwks.timeout, milliseconds(500));
  EXPECT_EQ(issuer.jwks.cooldown, seconds(1));
  EXPECT_EQ(issuer.jwks.max_age, minutes(1));
  EXPECT_EQ(issuer.jwks.max_stale, hours(1));
  EXPECT_EQ(good(instead("jwks_url", "secret_file = \"/s\"\nkey_id = \"k\"")).key_id, "k");
  EXPECT_TRUE(good(instead("audience", "accept_any_audience = true")).accept_any_audience);
}

TEST(IssuerConfig, AClaimPathIsStepsAtDotsOrOneNameWithAColon) {
  const auto roles = [](const std::string& path) { return good(with("roles_claim = \"" + path + "\"")).policy.roles; };
  EXPECT_THAT(roles("roles"), ElementsAre("roles"));
  EXPECT_THAT(roles("resource_access.my-api.roles"), ElementsAre("resource_access", "my-api", "roles"));
  EXPECT_THAT(roles("https://shop.example/roles"), ElementsAre("https://shop.example/roles"));
  EXPECT_THAT(roles(""), IsEmpty());
  for (const char* bad : {".", "a.", ".a", "a..b", "a.b.c.d.e"}) {
    EXPECT_THAT(problem(with("roles_claim = \"" + std::string(bad) + "\"")), HasSubstr("issuers.roles_claim")) << bad;
  }
  EXPECT_THAT(problem(with("roles_claim = \"" + std::string(129, 'x') + "\"")), HasSubstr("issuers.roles_claim"));
  EXPECT_THAT(problem(with("user_claim = \"\"")), HasSubstr("user_claim must name a claim"));
}

TEST(IssuerConfig, ExactlyOneSourceOfKeys) {
  EXPECT_THAT(problem(instead("jwks_url", "")), HasSubstr("exactly one of"));
  EXPECT_THAT(problem(with("jwks_file = \"/f\"")), HasSubstr("exactly one of"));
  EXPECT_THAT(problem(with("secret_file = \"/f\"")), HasSubstr("exactly one of"));
  EXPECT_EQ(problem(instead("jwks_url", "jwks_file = \"/f\"")), "no problem");
  EXPECT_EQ(problem(instead("jwks_url", "secret_file = \"/f\"")), "no problem");
  EXPECT_THAT(problem(with("key_id = \"k\"")), HasSubstr("key_id is for secret_file only"));
  EXPECT_THAT(problem(instead("jwks_url", "secret_file = \"/f\"\nalgorithms = \"RS256\"")), HasSubstr("algorithms is for"));
}

TEST(IssuerConfig, TheUrlIsHttpsOrHttpOnLocalhostUnlessAllowed) {
  const auto url = [](const std::string& text) { return problem(instead("jwks_url", "jwks_url = \"" + text + "\"")); };
  for (const char* text :
       {"https://a.example/jwks?p=1", "http://localhost:8080/jwks", "http://127.0.0.1/j", "http://[::1]:1/j"}) {
    EXPECT_EQ(url(text), "no problem") << text;
  }
  for (const char* text :
       {"http://a.example/jwks", "http://localhost.example/j", "http://127.0.0.1.example/j", "ftp://a.example/j",
        "file:///etc/passwd", "https:///j", "https://u@a.example/j", "https://u:p@a.example/j",
        "http://localhost:x@a.example/j", "https://a.example/j#x", "a.example/j", "/j"}) {
    EXPECT_THAT(url(text), HasSubstr("jwks_url")) << text;
  }
  EXPECT_EQ(problem(instead("jwks_url", "jwks_url = \"http://a.example/j\"\nallow_http = true")), "no problem");
}

TEST(IssuerConfig, AnAudienceOrTheWordThatNoneIsNeeded) {
  EXPECT_THAT(problem(instead("audience", "")), HasSubstr("audience is needed"));
  EXPECT_THAT(problem(with("accept_any_audience = true")), HasSubstr("accept_any_audience = true and no audience"));
  EXPECT_THAT(problem(instead("audience", "audience = []")), HasSubstr("issuers.audience"));
  EXPECT_THAT(problem(instead("audience", "audience = \"\"")), HasSubstr("issuers.audience"));
  EXPECT_THAT(problem(instead("audience", "audience = [\"a\", 1]")), HasSubstr("issuers.audience"));
}

TEST(IssuerConfig, NamesAndIssValuesDifferFromEachOtherAndFromOurs) {
  const std::string other =
      "[[issuers]]\nname = \"b\"\nissuer = \"https://b.example\"\njwks_file = \"/f\"\naudience = \"api\"\n";
  EXPECT_EQ(problem(std::string(kGood) + other), "no problem");
  EXPECT_THAT(problem(other + other), HasSubstr("the name stands twice"));
  EXPECT_THAT(problem(other + instead("issuer", "issuer = \"https://b.example\"")), HasSubstr("is ours or stands twice"));
  EXPECT_THAT(problem("[token]\nissuer = \"https://sso.example\"\n" + std::string(kGood)),
              HasSubstr("is ours or stands twice"));
  EXPECT_THAT(problem(instead("name", "name = \"A b\"")), HasSubstr("issuers.name"));
  EXPECT_THAT(problem("[[issuers]]\nissuer = \"x\"\n"), HasSubstr("each needs a name"));
  EXPECT_THAT(problem(instead("issuer", "")), HasSubstr("issuer is missing"));
}

TEST(IssuerConfig, AtMost32) {
  std::string toml;
  for (int i = 0; i < 33; ++i) {
    const std::string id = std::to_string(i);
    toml += "[[issuers]]\nname = \"n" + id + "\"\nissuer = \"i" + id + "\"\njwks_file = \"/f\"\naudience = \"api\"\n";
    EXPECT_EQ(problem(toml), i < 32 ? "no problem" : "issuers: at most 32 can be trusted");
  }
}

TEST(IssuerConfig, NamesAnUnknownSettingWithItsLineAndWhatIsOfTheWrongTypeOrRange) {
  EXPECT_THAT(problem(with("audiences = \"x\"")), HasSubstr("unknown setting issuers.audiences (rescind.toml:6)"));
  EXPECT_THAT(problem(with("audiences = \"x\"")), HasSubstr("the nearest is audience"));
  EXPECT_THAT(problem(with("allow_http = \"yes\"")), HasSubstr("must be true or false"));
  EXPECT_THAT(problem(with("type = 1")), HasSubstr("must be a string"));
  EXPECT_THAT(problem(with("algorithms = \"HS256\"")), HasSubstr("issuers.algorithms"));
  EXPECT_THAT(problem(with("algorithms = \"none\"")), HasSubstr("issuers.algorithms"));
  for (const char* line :
       {"max_lifetime = \"32d\"", "max_lifetime = \"0s\"", "jwks_timeout = \"99ms\"", "jwks_timeout = \"61s\"",
        "jwks_cooldown = \"500ms\"", "jwks_max_age = \"8d\"", "jwks_max_stale = \"32d\""}) {
    EXPECT_THAT(problem(with(line)), HasSubstr("is not a duration from")) << line;
  }
  EXPECT_THAT(problem(with("jwks_max_age = \"2h\"\njwks_max_stale = \"1h\"")), HasSubstr("must not be shorter than"));
  EXPECT_THAT(problem("issuers = 1"), HasSubstr("must be an array of tables"));
  EXPECT_THAT(problem("issuers = [1]"), HasSubstr("must be an array of tables"));
  EXPECT_THAT(problem("[issuers]\nname = \"x\""), HasSubstr("must be an array of tables"));
}

}  // namespace
}  // namespace rescind
