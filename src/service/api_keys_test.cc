#include "service/api_keys.h"

#include <gtest/gtest.h>

#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

constexpr const char* kFirst = "rk1_of_the_configuration_0123456789";

class ApiKeysTest : public testing::Test {
 protected:
  // A server that has just started.
  std::unique_ptr<ApiKeys> start() {
    auto keys = std::make_unique<ApiKeys>(Secret(kFirst), failing_, clock_, random_);
    EXPECT_TRUE(run(keys->load()));
    return keys;
  }
  Result<CreatedApiKey> create(ApiKeys& keys, std::vector<std::string> scopes, ApiScopes of_creator = ApiScopes::all()) {
    return run(keys.create({"till", std::move(scopes)}, of_creator, Actor{"192.0.2.7", std::nullopt}));
  }
  Result<void> revoke(ApiKeys& keys, const ApiKeyId& id) { return run(keys.revoke(id, Actor{"192.0.2.7", std::nullopt})); }

  MemoryStore store_;
  FailingStore failing_{store_};
  StandingClock clock_;
  SystemRandom random_;
};

TEST_F(ApiKeysTest, TheFirstKeyHasEveryScope) {
  EXPECT_EQ(start()->check(kFirst)->scopes, ApiScopes::all());
  EXPECT_EQ(start()->check(kFirst)->name, kFirstApiKeyName);
}

TEST_F(ApiKeysTest, AKeyHasItsScopesNowAndAfterARestart) {
  const auto started = start();
  ApiKeys& keys = *started;
  const auto made = create(keys, {"users:read", "events:read"});
  ASSERT_TRUE(made);
  const ApiScopes scopes{ApiScope::kUsersRead, ApiScope::kEventsRead};
  EXPECT_EQ(keys.check(made->text.reveal())->scopes, scopes);
  EXPECT_EQ(keys.check(made->text.reveal())->name, made->key.id.text());
  EXPECT_EQ(start()->check(made->text.reveal())->scopes, scopes);
}

TEST_F(ApiKeysTest, TheStoreHoldsNoSecret) {
  const auto started = start();
  ApiKeys& keys = *started;
  const auto made = create(keys, {"users:read"});
  ASSERT_TRUE(made);
  const auto content = base64url_decode(made->text.reveal().substr(4));
  ASSERT_TRUE(content.has_value());
  const std::vector<std::uint8_t> secret(content->begin() + 16, content->end());
  const auto rows = run(keys.list());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_FALSE(std::equal(secret.begin(), secret.end(), rows->front().secret_digest.begin()));
}

TEST_F(ApiKeysTest, NoOtherTextIsTheKey) {
  const auto started = start();
  ApiKeys& keys = *started;
  const auto made = create(keys, {"admin"});
  ASSERT_TRUE(made);
  const std::string text(made->text.reveal());
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char c : {'A', 'B', '_', '=', '.', '\0'}) {
      std::string other = text;
      other[at] = c;
      EXPECT_EQ(keys.check(other).has_value(), other == text) << at;
    }
    EXPECT_FALSE(keys.check(text.substr(0, at)).has_value()) << at;
  }
  EXPECT_FALSE(keys.check(text + "A").has_value());
  EXPECT_FALSE(keys.check("").has_value());
}

TEST_F(ApiKeysTest, AFloodOfUnknownKeysAsksNoStore) {
  const auto started = start();
  ApiKeys& keys = *started;
  ASSERT_TRUE(create(keys, {"admin"}));
  const std::uint64_t before = failing_.calls();
  SystemRandom random;
  for (int i = 0; i < 1000; ++i) {
    std::array<std::uint8_t, 48> bytes{};
    random.fill(bytes);
    EXPECT_FALSE(keys.check("rk1." + base64url_encode(bytes)).has_value());
  }
  EXPECT_EQ(failing_.calls(), before);
}

TEST_F(ApiKeysTest, ARevokedKeyIsRefusedAtOnceAndAfterARestart) {
  const auto started = start();
  ApiKeys& keys = *started;
  const auto made = create(keys, {"admin"});
  ASSERT_TRUE(made);
  ASSERT_TRUE(revoke(keys, made->key.id));
  EXPECT_FALSE(keys.check(made->text.reveal()).has_value());
  EXPECT_FALSE(start()->check(made->text.reveal()).has_value());
  EXPECT_EQ(revoke(keys, made->key.id).error().code, ErrorCode::kNotFound);
}

TEST_F(ApiKeysTest, ARevocationWhoseAnswerIsLostRefusesTheKeyAndMayBeSentAgain) {
  for (const FailureSide side : {FailureSide::kBefore, FailureSide::kAfter}) {
    const auto started = start();
    ApiKeys& keys = *started;
    const auto made = create(keys, {"admin"});
    ASSERT_TRUE(made);
    failing_.fail_call(1, side);
    EXPECT_EQ(revoke(keys, made->key.id).error().code, ErrorCode::kStoreUnavailable);
    EXPECT_FALSE(keys.check(made->text.reveal()).has_value());
    EXPECT_EQ(revoke(keys, made->key.id).has_value(), side == FailureSide::kBefore);
    EXPECT_FALSE(start()->check(made->text.reveal()).has_value());
  }
}

TEST_F(ApiKeysTest, NobodyGivesAwayAScopeThatHeHasNot) {
  const auto started = start();
  ApiKeys& keys = *started;
  const ApiScopes creator{ApiScope::kApiKeysWrite, ApiScope::kUsersRead};
  EXPECT_TRUE(create(keys, {"users:read"}, creator));
  EXPECT_TRUE(create(keys, {"apikeys:write", "users:read"}, creator));
  for (const std::vector<std::string>& scopes :
       {std::vector<std::string>{"users:write"}, {"users:read", "events:read"}, {"admin"}}) {
    const auto refused = create(keys, scopes, creator);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInsufficientScope);
  }
  EXPECT_EQ(run(keys.list())->size(), 2u);
}

TEST_F(ApiKeysTest, UnknownAndNoScopesAreRefused) {
  const auto started = start();
  ApiKeys& keys = *started;
  for (const std::vector<std::string>& scopes : {std::vector<std::string>{}, {"users:delete"}, {"users:read", ""}}) {
    const auto refused = create(keys, scopes);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidRequest);
  }
}

TEST_F(ApiKeysTest, TheNumberOfLiveKeysIsBounded) {
  const auto started = start();
  ApiKeys& keys = *started;
  std::optional<ApiKeyId> one;
  for (std::size_t i = 0; i < kMaxApiKeys; ++i) one = create(keys, {"users:read"})->key.id;
  EXPECT_EQ(create(keys, {"users:read"}).error().code, ErrorCode::kInvalidRequest);
  ASSERT_TRUE(revoke(keys, *one));
  EXPECT_TRUE(create(keys, {"users:read"}));
}

}  // namespace
}  // namespace rescind
