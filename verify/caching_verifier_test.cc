// A hit must answer exactly what a check from the beginning would.
#include "rescind/caching_verifier.h"

#include <gtest/gtest.h>

#include <limits>

#include "verify/testing/allocation_count.h"
#include "verify/testing/verifier_fixture.h"

namespace rescind::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class CachingCheck : public VerifierFixture {
 protected:
  std::vector<TrustedIssuer> issuers() const { return {{policy, keys}}; }

  std::string answer_at(std::string_view text, std::chrono::sys_seconds now) {
    const auto result = cache.verify(text, index, now);
    return result ? "good" : std::string(to_string(result.error()));
  }
  std::string answer(std::string_view text) { return answer_at(text, kNow); }
  std::string identity(std::string_view text) {
    const auto result = cache.authenticate(text);
    return result ? "authentic" : std::string(to_string(result.error()));
  }
  std::string token_of(const std::string& id) const { return maker.make(ClaimsText(kNow).set("jti", quote(id)).text()); }
  void revoke(RevocationKind kind, const RevocationKey& key, std::int64_t value = 0) {
    ASSERT_TRUE(index.apply(revocation(kind, key, value)));
  }

  const std::string token = token_of("token-1");
  CachingVerifier cache{issuers(), CacheLimits{}};
};

TEST_F(CachingCheck, ATokenThatComesAgainIsAHitWithTheSameClaims) {
  const auto first = cache.verify(token, index, kNow);
  const auto second = cache.verify(token, index, kNow + seconds(1));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(cache.hits(), 1u);
  EXPECT_EQ(cache.misses(), 1u);
  EXPECT_EQ(second->claims().json, first->claims().json);
  EXPECT_EQ(second->claims().token_id, "token-1");
}

TEST_F(CachingCheck, AHitExpiresAtTheSameSecondAndThenLeaves) {
  const auto expiry = kNow + minutes(15) + policy.leeway;
  EXPECT_EQ(answer(token), "good");
  EXPECT_EQ(answer_at(token, expiry - seconds(1)), "good");
  EXPECT_EQ(cache.hits(), 1u);
  EXPECT_EQ(answer_at(token, expiry), "expired");
  EXPECT_EQ(cache.hits(), 2u);
  EXPECT_EQ(cache.size(), 0u);
}

TEST_F(CachingCheck, AHitIsRefusedBehindTheHorizon) {
  EXPECT_EQ(answer(token), "good");
  index.raise_horizon(kNow + minutes(15) - seconds(1));
  EXPECT_EQ(answer(token), "good");
  index.raise_horizon(kNow + minutes(15));
  EXPECT_EQ(answer(token), "expired");
  EXPECT_EQ(cache.hits(), 2u);
}

TEST_F(CachingCheck, EveryKindOfRevocationRefusesAHit) {
  const std::int64_t later = (kNow + seconds(1)).time_since_epoch().count();
  const std::vector<Revocation> revocations = {
      revocation(RevocationKind::kToken, token_key(kIssuer, kTokenId)),
      revocation(RevocationKind::kSession, session_key(kIssuer, kSessionId)),
      revocation(RevocationKind::kUser, user_key(kIssuer, kSubject), kTokenVersion + 1),
      revocation(RevocationKind::kBefore, before_issuer_key(kIssuer), later),
      revocation(RevocationKind::kBefore, before_subject_key(kIssuer, kSubject), later),
      revocation(RevocationKind::kBefore, before_client_key(kIssuer, kClientId), later),
  };
  for (const Revocation& each : revocations) {
    RevocationIndex fresh;
    ASSERT_TRUE(cache.verify(token, fresh, kNow));
    const std::uint64_t hits = cache.hits();
    ASSERT_TRUE(fresh.apply(each));
    const auto result = cache.verify(token, fresh, kNow);
    ASSERT_FALSE(result) << to_string(each.kind);
    EXPECT_EQ(result.error(), VerifyError::kRevoked);
    EXPECT_EQ(cache.hits(), hits + 1);
  }
}

TEST_F(CachingCheck, ATokenThatIsNotYetValidIsNotYetValidAsAHit) {
  const std::string early = maker.make(ClaimsText(kNow + minutes(1)).text());
  EXPECT_EQ(answer(early), "not_yet_valid");
  EXPECT_EQ(answer(early), "not_yet_valid");
  EXPECT_EQ(cache.hits(), 1u);
  EXPECT_EQ(answer_at(early, kNow + minutes(1)), "good");
}

TEST_F(CachingCheck, ATokenThatDiffersInOneCharacterIsAMiss) {
  ASSERT_EQ(answer(token), "good");
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(answer(other), check(other)) << i;
    EXPECT_NE(answer(other), "good") << i;
  }
  EXPECT_NE(answer(token + "A"), "good");
  EXPECT_NE(answer(std::string_view(token).substr(0, token.size() - 1)), "good");
  EXPECT_NE(answer(std::string_view(token).substr(1)), "good");
  EXPECT_EQ(cache.hits(), 0u);
}

TEST_F(CachingCheck, OnlyAuthenticTokensAreRemembered) {
  const std::string payload = ClaimsText(kNow).text();
  const TokenMaker stranger = TokenMaker::generate(Algorithm::kHs256);
  for (const std::string& bad :
       {stranger.make(payload), maker.make("{}"), maker.make(R"({"alg":"none","kid":"key-1"})", payload),
        maker.make(ClaimsText(kNow).set("iss", quote("other")).text()), std::string(400, 'a'), std::string(),
        std::string("a.b.c"), std::string(kMaxTokenBytes + 1, 'a')}) {
    EXPECT_EQ(answer(bad), check(bad));
    EXPECT_EQ(identity(bad), check(bad));
    EXPECT_NE(answer(bad), "good");
  }
  EXPECT_EQ(answer_at(token, kNow + hours(1)), "expired");
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(cache.hits(), 0u);
}

TEST_F(CachingCheck, IdentifyingFindsWhatIsRememberedAndRemembersNothing) {
  EXPECT_EQ(identity(token), "authentic");
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(answer(token), "good");
  revoke(RevocationKind::kToken, token_key(kIssuer, kTokenId));
  EXPECT_EQ(identity(token), "authentic");
  EXPECT_EQ(cache.hits(), 1u);
}

// --- keys that change ---

TEST_F(CachingCheck, AKeyThatWasTakenAwayIsNoHit) {
  ASSERT_EQ(answer(token), "good");
  cache.replace_issuers({{policy, KeySet()}});
  EXPECT_EQ(answer(token), "unknown_key");
  EXPECT_EQ(identity(token), "unknown_key");
  EXPECT_EQ(cache.size(), 0u);
  cache.replace_issuers({});
  EXPECT_EQ(answer(token), "unknown_key");
}

TEST_F(CachingCheck, AKeyThatWasReplacedUnderItsIdIsNoHit) {
  ASSERT_EQ(answer(token), "good");
  cache.replace_issuers({{policy, TokenMaker::generate(Algorithm::kHs256, maker.key_id()).key_set()}});
  EXPECT_EQ(answer(token), "bad_signature");
  cache.replace_issuers(issuers());
  EXPECT_EQ(answer(token), "good");
  EXPECT_EQ(cache.hits(), 0u);
}

TEST_F(CachingCheck, AKeyThatStaysKeepsItsTokensWhereverItIsReadFrom) {
  ASSERT_EQ(answer(token), "good");
  const TokenMaker next = TokenMaker::generate(Algorithm::kEs256, "next");
  const auto both = KeySet::from_jwks(R"({"keys":[)" + next.public_jwk() + "," + maker.public_jwk() + "]}");
  ASSERT_TRUE(both);
  cache.replace_issuers({{policy, *both}});
  EXPECT_EQ(answer(token), "good");
  EXPECT_EQ(answer(token), "good");
  EXPECT_EQ(cache.hits(), 2u);
  EXPECT_EQ(answer(next.make(ClaimsText(kNow).text())), "good");
}

TEST_F(CachingCheck, WhatWasCheckedUnderAnotherPolicyIsNoHit) {
  for (const auto change :
       {+[](VerifierPolicy& p) { p.audience = "other"; }, +[](VerifierPolicy& p) { p.issuer = "other"; },
        +[](VerifierPolicy& p) { p.type = "other"; }, +[](VerifierPolicy& p) { p.max_lifetime = minutes(1); }}) {
    CachingVerifier other(issuers(), CacheLimits{});
    ASSERT_TRUE(other.verify(token, index, kNow));
    VerifierPolicy changed = policy;
    change(changed);
    other.replace_issuers({{changed, keys}});
    EXPECT_FALSE(other.verify(token, index, kNow));
    EXPECT_EQ(other.hits(), 0u);
  }
}

TEST_F(CachingCheck, ALeewayThatChangesHolds) {
  ASSERT_EQ(answer(token), "good");
  VerifierPolicy strict = policy;
  strict.leeway = seconds(0);
  cache.replace_issuers({{strict, keys}});
  EXPECT_EQ(answer_at(token, kNow + minutes(15)), "expired");
}

// --- several issuers ---

TEST_F(CachingCheck, EachIssuerSpeaksForItselfOnly) {
  const TokenMaker foreign = TokenMaker::generate(Algorithm::kEs256, "foreign");
  VerifierPolicy other = policy;
  other.issuer = "https://other.example";
  other.leeway = seconds(60);
  cache.replace_issuers({{policy, keys}, {other, foreign.key_set()}});
  const std::string theirs = foreign.make(ClaimsText(kNow).set("iss", quote(other.issuer)).text());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(answer(token), "good");
    EXPECT_EQ(answer(theirs), "good");
    EXPECT_EQ(answer(foreign.make(ClaimsText(kNow).text())), "wrong_issuer");
    EXPECT_EQ(answer(maker.make(ClaimsText(kNow).set("iss", quote(other.issuer)).text())), "wrong_issuer");
  }
  EXPECT_EQ(cache.hits(), 2u);
  EXPECT_EQ(answer_at(theirs, kNow + minutes(15) + seconds(59)), "good");
  EXPECT_EQ(answer_at(token, kNow + minutes(15) + seconds(59)), "expired");
}

TEST_F(CachingCheck, TwoIssuersMayShareAKeySet) {
  VerifierPolicy other = policy;
  other.issuer = "https://other.example";
  cache.replace_issuers({{policy, keys}, {other, keys}});
  EXPECT_EQ(answer(maker.make(ClaimsText(kNow).set("iss", quote(other.issuer)).text())), "good");
  EXPECT_EQ(answer(token), "good");
}

// --- bounds ---

TEST_F(CachingCheck, KeepsToItsNumberOfTokens) {
  CachingVerifier small(issuers(), CacheLimits{.tokens = 16});
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(small.verify(token_of("t" + std::to_string(i)), index, kNow));
    ASSERT_LE(small.size(), 16u);
  }
  EXPECT_GE(small.size(), 12u);
}

TEST_F(CachingCheck, GrowsWithItsTokensAndForgetsNone) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 2000; ++i) tokens.push_back(token_of("t" + std::to_string(i)));
  for (const std::string& each : tokens) ASSERT_EQ(answer(each), "good");
  EXPECT_EQ(cache.size(), tokens.size());
  for (const std::string& each : tokens) ASSERT_EQ(answer(each), "good");
  EXPECT_EQ(cache.hits(), tokens.size());
  const std::size_t bytes = cache.bytes();
  ASSERT_EQ(answer_at(tokens[0], kNow + hours(1)), "expired");
  EXPECT_EQ(cache.size(), tokens.size() - 1);
  EXPECT_LT(cache.bytes(), bytes);
}

TEST_F(CachingCheck, KeepsToItsNumberOfBytes) {
  CachingVerifier small(issuers(), CacheLimits{.bytes = 20'000});
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(small.verify(token_of("t" + std::to_string(i)), index, kNow));
    ASSERT_LE(small.bytes(), 20'000u);
    ASSERT_GE(small.size(), std::min<std::size_t>(static_cast<std::size_t>(i) + 1, 5));
  }
  CachingVerifier tiny(issuers(), CacheLimits{.bytes = 100});
  EXPECT_TRUE(tiny.verify(token, index, kNow));
  EXPECT_EQ(tiny.size(), 0u);
}

TEST_F(CachingCheck, BoundsBeyondAllMemoryAreNoHarm) {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  CachingVerifier large(issuers(), CacheLimits{.tokens = kMost, .bytes = kMost});
  EXPECT_TRUE(large.verify(token, index, kNow));
  EXPECT_TRUE(large.verify(token, index, kNow));
  EXPECT_EQ(large.hits(), 1u);
}

TEST_F(CachingCheck, WithoutRoomForTokensNothingIsRemembered) {
  CachingVerifier none(issuers(), CacheLimits{.tokens = 0});
  EXPECT_TRUE(none.verify(token, index, kNow));
  EXPECT_TRUE(none.verify(token, index, kNow));
  EXPECT_EQ(none.hits(), 0u);
  EXPECT_EQ(none.size(), 0u);
}

TEST_F(CachingCheck, TokensThatHaveExpiredLeaveWhileOthersCome) {
  CachingVerifier small(issuers(), CacheLimits{.tokens = 128});
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(small.verify(token_of("old" + std::to_string(i)), index, kNow));
  const auto later = kNow + hours(1);
  // Each looks at four of the 128 places: twice at all of them, since a token may move once behind what was looked at.
  for (int i = 0; i < 64; ++i) {
    const std::string fresh = maker.make(ClaimsText(later).set("jti", quote("new" + std::to_string(i))).text());
    ASSERT_TRUE(small.verify(fresh, index, later));
  }
  EXPECT_LE(small.size(), 64u);
}

TEST_F(CachingCheck, AHitAllocatesNothing) {
  if (!kAllocationsAreCounted) GTEST_SKIP() << "the sanitizers count for themselves";
  revoke(RevocationKind::kToken, token_key(kIssuer, "other"));
  revoke(RevocationKind::kSession, session_key(kIssuer, "other"));
  revoke(RevocationKind::kUser, user_key(kIssuer, "other"), 1);
  revoke(RevocationKind::kBefore, before_issuer_key("other"), 1);
  ASSERT_TRUE(cache.verify(token, index, kNow));
  const std::uint64_t before = allocations_made();
  bool is_good = true;
  for (int i = 0; i < 100; ++i) is_good = cache.verify(token, index, kNow).has_value() && is_good;
  EXPECT_EQ(allocations_made(), before);
  EXPECT_TRUE(is_good);
  ASSERT_TRUE(cache.verify(token_of("token-2"), index, kNow));
  EXPECT_GT(allocations_made(), before);  // the counter counts
}

TEST_F(CachingCheck, ATokenThatIsSeenForTheFirstTimeAllocatesOnce) {
  if (!kAllocationsAreCounted) GTEST_SKIP() << "the sanitizers count for themselves";
  revoke(RevocationKind::kToken, token_key(kIssuer, "other"));
  const TokenMaker hs256 = TokenMaker::shared(Algorithm::kHs256);
  const std::string text = hs256.make(ClaimsText(kNow)
                                          .set("sub", quote(std::string(100, 's')))
                                          .set("jti", quote(std::string(100, 'j')))
                                          .set("aud", R"(["one","two","api"])")
                                          .set("roles", R"(["reader","a role with a longer name"])")
                                          .text());
  const KeySet hs256_keys = hs256.key_set();
  const std::uint64_t before = allocations_made();
  const auto verified = rescind::verify(text, hs256_keys, index, policy, kNow);
  EXPECT_EQ(allocations_made(), before + 1);
  EXPECT_TRUE(verified);
}

}  // namespace
}  // namespace rescind::testing
