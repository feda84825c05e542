#include "main/webhook_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rescind {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kGood =
    "[[webhooks]]\n"
    "url = \"https://shop.example/hooks\"\n"
    "secret_file = \"shop.secret\"\n";

Result<Config, ConfigError> parse(const std::string& toml) {
  return parse_config(ConfigSources{ConfigFile{"rescind.toml", toml}, {}, {}});
}

WebhookConfig good(const std::string& toml) {
  const auto config = parse(toml);
  EXPECT_TRUE(config) << config.error().message;
  return config && !config->webhooks.empty() ? config->webhooks.front() : WebhookConfig{};
}

std::string problem(const std::string& toml) {
  const auto config = parse(toml);
  return config ? "no problem" : config.error().message;
}

std::string with(const std::string& line) { return std::string(kGood) + line + "\n"; }
std::string with_url(const std::string& url) { return "[[webhooks]]\nurl = \"" + url + "\"\nsecret_file = \"s\"\n"; }

TEST(WebhookConfig, HasTheDocumentedDefaults) {
  const WebhookConfig webhook = good(std::string(kGood));
  EXPECT_EQ(webhook.name, "shop-example");
  EXPECT_EQ(webhook.url, "https://shop.example/hooks");
  EXPECT_EQ(webhook.secret_file, "shop.secret");
  EXPECT_EQ(webhook.ca_file, "");
  EXPECT_EQ(webhook.timeout, seconds(10));
  EXPECT_THAT(webhook.events, IsEmpty());
}

TEST(WebhookConfig, TheShippedExampleIsGoodAsItStands) {
  const WebhookConfig webhook = good(std::string(webhooks_example()));
  EXPECT_EQ(webhook.name, "shop");
  EXPECT_THAT(webhook.events, ElementsAre(EventType::kRefreshReused, EventType::kUserBlocked, EventType::kUserDeleted));
}

TEST(WebhookConfig, ReadsEverySetting) {
  const WebhookConfig webhook =
      good(with("name = \"a-1\"\nprevious_secret_file = \"old.secret\"\nca_file = \"ca.pem\"\ntimeout = \"500ms\"\nevents = "
                "\"user_blocked\""));
  EXPECT_EQ(webhook.name, "a-1");
  EXPECT_EQ(webhook.previous_secret_file, "old.secret");
  EXPECT_EQ(webhook.ca_file, "ca.pem");
  EXPECT_EQ(webhook.timeout, milliseconds(500));
  EXPECT_THAT(webhook.events, ElementsAre(EventType::kUserBlocked));
}

TEST(WebhookConfig, TheUrlIsHttpsOrHttpOnLocalhost) {
  for (const char* url :
       {"https://a.example", "https://10.0.0.1:8443/x?y=z", "http://localhost:80/", "http://127.0.0.1", "http://[::1]:9/x"}) {
    EXPECT_EQ(problem(with_url(url)), "no problem") << url;
  }
  for (const char* url : {"http://a.example", "http://127.0.0.1.example/", "http://localhost.example", "http://127.0.0.2/",
                          "http://169.254.169.254/latest", "http://[::2]/", "http://0.0.0.0/"}) {
    EXPECT_THAT(problem(with_url(url)), HasSubstr("plain http")) << url;
  }
  for (const char* url :
       {"ftp://a.example", "file:///etc/passwd", "https://", "https:///x", "a.example", "https://u@a.example/",
        "https://u:p@a.example/", "https://a.example/#x", "gopher://localhost/", "HTTP://a.example"}) {
    EXPECT_THAT(problem(with_url(url)), HasSubstr("url is n")) << url;
  }
}

TEST(WebhookConfig, NeedsUrlAndSecret) {
  EXPECT_THAT(problem("[[webhooks]]\nsecret_file = \"s\"\n"), HasSubstr("url is missing"));
  EXPECT_THAT(problem("[[webhooks]]\nurl = \"https://a.example\"\n"), HasSubstr("secret_file is missing"));
}

TEST(WebhookConfig, NamesWhatIsNotKnownWithItsPlaceAndTheNearest) {
  EXPECT_THAT(problem(with("secret_fil = \"x\"")), HasSubstr("webhooks.secret_fil (rescind.toml:4"));
  EXPECT_THAT(problem(with("secret_fil = \"x\"")), HasSubstr("the nearest is secret_file"));
  EXPECT_THAT(problem(with("events = [\"user_blocked\", \"user_bloked\"]")), HasSubstr("the nearest is user_blocked"));
  EXPECT_THAT(problem(with("events = []")), HasSubstr("webhooks.events"));
  EXPECT_THAT(problem(with("timeout = \"0s\"")), HasSubstr("webhooks.timeout"));
  EXPECT_THAT(problem(with("name = \"A b\"")), HasSubstr("webhooks.name"));
  EXPECT_THAT(problem("[webhooks]\nurl = \"https://a.example\"\n"), HasSubstr("array of tables"));
}

TEST(WebhookConfig, NamesDifferAndThereAreAtMost16) {
  EXPECT_THAT(problem(std::string(kGood) + std::string(kGood)), HasSubstr("name shop-example"));
  std::string many;
  for (int i = 0; i < 16; ++i) many += with("name = \"n" + std::to_string(i) + "\"");
  EXPECT_EQ(problem(many), "no problem");
  EXPECT_THAT(problem(many + with("name = \"last\"")), HasSubstr("16"));
}

}  // namespace
}  // namespace rescind
