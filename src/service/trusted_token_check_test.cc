// A token of a trusted issuer that comes again must be answered exactly as one that is checked from the beginning.
#include "service/trusted_token_check.h"

#include <gtest/gtest.h>

#include <atomic>

#include "service/foreign_revocation.h"
#include "tests/testing/service_parts.h"
#include "verify/testing/token_maker.h"

namespace rescind {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;
using testing::ClaimsText;
using testing::quote;
using testing::TokenMaker;

constexpr const char* kOther = "https://other.example";
constexpr seconds kLeeway{5};
constexpr seconds kLifetime{900};

// A key set that changes.
class ChangingKeys final : public KeySource {
 public:
  explicit ChangingKeys(const KeySet& keys) { set(keys); }
  void set(const KeySet& keys) {
    keys_ = std::make_shared<const KeySet>(keys);
    version_ = ++last_;
  }
  // As when nobody could fetch them for too long.
  void take_away() {
    keys_ = nullptr;
    version_ = kNoKeys;
  }
  std::shared_ptr<const KeySet> find_keys() const override { return keys_; }
  std::uint64_t version() const override { return version_; }
  KeyOutlook ask_for_unknown_key() override { return KeyOutlook::kNone; }

 private:
  std::shared_ptr<const KeySet> keys_;
  std::uint64_t version_ = kNoKeys;
  std::uint64_t last_ = kNoKeys;
};

class TrustedTokenCheckTest : public ::testing::Test {
 protected:
  TrustedTokenCheckTest() {
    auto source = std::make_unique<ChangingKeys>(maker.key_set());
    keys = source.get();
    policy.issuer = kOther;
    policy.audiences = {std::string(testing::kAudience)};
    std::vector<ForeignIssuer> list;
    list.push_back({"other", policy, std::move(source)});
    issuers = TrustedIssuers(std::move(list));
    checker = make_check(CacheLimits{});
  }

  std::unique_ptr<TrustedTokenCheck> make_check(CacheLimits limits) {
    ServiceParts& parts = *service.parts;
    metrics = std::make_unique<Metrics>();
    return std::make_unique<TrustedTokenCheck>(parts.check, issuers, limits, parts.revocations, parts.clock, *metrics, kLeeway);
  }

  sys_seconds now() const { return to_seconds(service.clock.wall_now()); }
  ClaimsText claims() const { return ClaimsText(now(), kLifetime).set("iss", quote(kOther)); }
  std::string make(const ClaimsText& text) const {
    return maker.make(R"({"alg":"ES256","kid":")" + maker.key_id() + "\"}", text.text());
  }

  static std::string text_of(const Result<VerifiedToken>& result) {
    return result ? "good" : std::string(to_string(result.error().code));
  }
  // "good", or the code.
  std::string answer(const std::string& text) const { return text_of(checker->check(text)); }
  // The same without anything remembered.
  std::string answer_anew(const std::string& text) {
    ServiceParts& parts = *service.parts;
    Metrics unseen;
    return text_of(TrustedTokenCheck(parts.check, issuers, {}, parts.revocations, parts.clock, unseen, kLeeway).check(text));
  }
  void revoke(const RevocationDraft& draft) {
    ASSERT_TRUE(run(service.revocations().revoke_foreign(draft, "test", Actor{"192.0.2.1", std::nullopt})));
  }
  int hits() const {
    const std::string text = metrics->render();
    const std::string name = "\nrescind_foreign_token_cache_hits_total ";
    return std::stoi(text.substr(text.find(name) + name.size()));
  }

  const TokenMaker maker = TokenMaker::shared(Algorithm::kEs256);
  ForeignPolicy policy;
  ChangingKeys* keys = nullptr;
  TrustedIssuers issuers;
  ServiceUnderTest service;
  std::unique_ptr<Metrics> metrics;
  std::unique_ptr<TrustedTokenCheck> checker;
  const std::string token = make(claims());
};

TEST_F(TrustedTokenCheckTest, ATokenThatComesAgainIsAHitWithTheSameClaims) {
  const auto first = checker->check(token);
  const auto second = checker->check(token);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(hits(), 1);
  EXPECT_EQ(second->claims().json, first->claims().json);
  EXPECT_EQ(second->claims().issuer, kOther);
}

TEST_F(TrustedTokenCheckTest, AHitExpiresAtTheSameSecondAndThenLeaves) {
  ASSERT_EQ(answer(token), "good");
  service.pass_time(kLifetime + kLeeway - seconds(1));
  EXPECT_EQ(answer(token), "good");
  EXPECT_EQ(hits(), 1);
  service.pass_time(seconds(1));
  EXPECT_EQ(answer(token), "token_expired");
  EXPECT_EQ(hits(), 2);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(answer(token), "token_expired");
  EXPECT_EQ(hits(), 2) << "what has expired is not taken in again";
}

TEST_F(TrustedTokenCheckTest, EveryKindOfRevocationRefusesAHit) {
  const ForeignTerms terms{policy, now(), kLeeway};
  const auto mine = [&](const std::string& id) {
    return make(claims().set("jti", quote("j-" + id)).set("sid", quote("s-" + id)).set("sub", quote("u-" + id)));
  };
  const std::pair<std::string, RevocationDraft> cases[] = {
      {"a", foreign_token_revocation(terms, "j-a")},
      {"b", foreign_session_revocation(terms, "s-b")},
      {"c", foreign_user_revocation(terms, "u-c")},
  };
  for (const auto& [id, draft] : cases) {
    const std::string text = mine(id);
    ASSERT_EQ(answer(text), "good");
    const int before = hits();
    revoke(draft);
    EXPECT_EQ(answer(text), "token_revoked") << id;
    EXPECT_EQ(hits(), before + 1);
  }
}

TEST_F(TrustedTokenCheckTest, AHitIsNoAnswerWhenTheLeaseHasRunOut) {
  ASSERT_EQ(answer(token), "good");
  service.clock.advance(seconds(6));
  EXPECT_EQ(answer(token), "verifier_stale");
}

TEST_F(TrustedTokenCheckTest, AKeyThatWasTakenAwayIsNoHit) {
  ASSERT_EQ(answer(token), "good");
  keys->set(TokenMaker::generate(Algorithm::kEs256, "next").key_set());
  EXPECT_EQ(answer(token), "invalid_token");
  keys->set(maker.key_set());
  EXPECT_EQ(answer(token), "good");
  EXPECT_EQ(hits(), 0);
}

TEST_F(TrustedTokenCheckTest, AKeyThatWasReplacedUnderItsIdIsNoHit) {
  ASSERT_EQ(answer(token), "good");
  keys->set(TokenMaker::generate(Algorithm::kEs256, maker.key_id()).key_set());
  EXPECT_EQ(answer(token), "invalid_token");
  EXPECT_EQ(hits(), 0);
}

TEST_F(TrustedTokenCheckTest, KeysThatAreTooOldMakeNoHit) {
  ASSERT_EQ(answer(token), "good");
  keys->take_away();
  EXPECT_EQ(answer(token), "verifier_stale");
  EXPECT_EQ(hits(), 0);
}

TEST_F(TrustedTokenCheckTest, ATokenThatDiffersInOneCharacterIsAMiss) {
  ASSERT_EQ(answer(token), "good");
  for (std::size_t i = 0; i < token.size(); i += 7) {
    std::string other = token;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(answer(other), answer_anew(other)) << i;
    EXPECT_NE(answer(other), "good") << i;
  }
  EXPECT_NE(answer(token + "A"), "good");
  EXPECT_NE(answer(token.substr(0, token.size() - 1)), "good");
  EXPECT_EQ(hits(), 0);
}

TEST_F(TrustedTokenCheckTest, OnlyAuthenticTokensAreRemembered) {
  const TokenMaker stranger = TokenMaker::generate(Algorithm::kEs256, maker.key_id());
  const std::string text = claims().text();
  for (const std::string& bad : {stranger.make(text), make(claims().set("iss", quote("https://third.example"))),
                                 make(claims().set("aud", quote("b"))), std::string(400, 'a'), std::string()}) {
    for (int i = 0; i < 2; ++i) EXPECT_EQ(answer(bad), "invalid_token");
  }
  EXPECT_EQ(hits(), 0);
}

TEST_F(TrustedTokenCheckTest, ATokenOfOursIsNoneOfTheirs) {
  const TokenPair own = service.adopt("user-1");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(answer(own.access_token), "good");
  EXPECT_EQ(hits(), 0);
  ASSERT_TRUE(service.log_out(own));
  EXPECT_EQ(answer(own.access_token), "token_revoked");
}

TEST_F(TrustedTokenCheckTest, WithoutRoomForTokensNothingIsRemembered) {
  checker = make_check(CacheLimits{.tokens = 0});
  for (int i = 0; i < 2; ++i) EXPECT_EQ(answer(token), "good");
  EXPECT_EQ(hits(), 0);
}

}  // namespace
}  // namespace rescind
