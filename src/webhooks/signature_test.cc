#include "webhooks/signature.h"

#include <gtest/gtest.h>

#include <vector>

namespace rescind {
namespace {

std::chrono::sys_seconds at(std::int64_t seconds) { return std::chrono::sys_seconds(std::chrono::seconds(seconds)); }

std::optional<std::string> key_of(const std::string& text) {
  const std::optional<Secret> key = parse_webhook_secret(Secret(text));
  return key ? std::optional(std::string(key->reveal())) : std::nullopt;
}

// The example of the libraries of Standard Webhooks.
TEST(WebhookSignature, IsThatOfThePublishedVector) {
  const std::optional<Secret> key = parse_webhook_secret(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
  ASSERT_TRUE(key);
  EXPECT_EQ(sign_webhook(std::vector{*key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", at(1614265330), R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, ChangesWithKeyIdTimestampAndBody) {
  const std::vector<Secret> key{Secret(std::string(24, 'k'))};
  const std::string signature = sign_webhook(key, "id", at(1), "body");
  EXPECT_EQ(sign_webhook(key, "id", at(1), "body"), signature);
  EXPECT_NE(sign_webhook(std::vector{Secret(std::string(25, 'k'))}, "id", at(1), "body"), signature);
  EXPECT_NE(sign_webhook(key, "ie", at(1), "body"), signature);
  EXPECT_NE(sign_webhook(key, "id", at(2), "body"), signature);
  EXPECT_NE(sign_webhook(key, "id", at(1), "bodz"), signature);
}

TEST(WebhookSignature, OfEachKeyStandBesideEachOther) {
  const std::vector<Secret> keys{Secret(std::string(24, 'a')), Secret(std::string(24, 'b'))};
  const std::span<const Secret> all(keys);
  EXPECT_EQ(sign_webhook(all, "id", at(1), "body"),
            sign_webhook(all.first(1), "id", at(1), "body") + " " + sign_webhook(all.last(1), "id", at(1), "body"));
}

TEST(WebhookSecret, BehindItsPrefixIsBase64AndElseItself) {
  EXPECT_EQ(key_of("whsec_" + std::string(32, 'A')), std::string(24, '\0'));
  EXPECT_EQ(key_of("whsec_" + std::string(32, 'A') + "AAA="), std::string(26, '\0'));
  EXPECT_EQ(key_of("whsec_" + std::string(32, 'A') + "AA=="), std::string(25, '\0'));
  EXPECT_EQ(key_of(std::string(24, 'x')), std::string(24, 'x'));
  EXPECT_EQ(key_of("secret whsec_ with spaces in"), "secret whsec_ with spaces in");
}

TEST(WebhookSecret, HasAtLeast24Bytes) {
  EXPECT_FALSE(key_of(std::string(23, 'x')));
  EXPECT_FALSE(key_of(""));
  EXPECT_FALSE(key_of("whsec_" + std::string(30, 'A') + "A="));  // 23
  EXPECT_FALSE(key_of("whsec_"));
}

TEST(WebhookSecret, ThatIsNotCanonicalBase64IsRefused) {
  const std::string good(32, 'A');
  for (const std::string& text : {good + "A", good + "AAA", good + "A===", good + "====", good + "AB==", good + "AA=A",
                                  good + "A-A=", good + "A A=", " " + good + "AAA", good + "\n\n\n\n", "====" + good}) {
    EXPECT_FALSE(key_of("whsec_" + text)) << text;
  }
}

}  // namespace
}  // namespace rescind
