#include "service/foreign_revocation.h"

#include <gtest/gtest.h>

#include "service/trusted_token_check.h"
#include "tests/testing/service_parts.h"
#include "verify/testing/token_maker.h"

namespace rescind {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using testing::ClaimsText;
using testing::quote;
using testing::TokenMaker;

constexpr const char* kOther = "https://other.example";

constexpr seconds kLeeway{5};

// A server that trusts one issuer besides itself.
class ForeignRevocation : public ::testing::Test {
 protected:
  ForeignRevocation() {
    policy.issuer = kOther;
    policy.audiences = {std::string(testing::kAudience)};
    policy.max_lifetime = hours(2);
    std::vector<ForeignIssuer> list;
    list.push_back({"other", policy, std::make_unique<FixedKeys>(maker.key_set())});
    issuers = TrustedIssuers(std::move(list));
  }

  sys_seconds now() const { return to_seconds(service.clock.wall_now()); }
  ForeignTerms terms() const { return {policy, now(), kLeeway}; }
  // As long-lived as can be, issued `ahead` of the server's clock.
  ClaimsText claims(seconds ahead = seconds(0)) const {
    return ClaimsText(now() + ahead, policy.max_lifetime).set("iss", quote(kOther));
  }
  std::string token(const ClaimsText& text) const { return maker.make(R"({"alg":"HS256","kid":"key-1"})", text.text()); }

  // "good", or the code.
  std::string check(const std::string& text) const {
    const ServiceParts& parts = *service.parts;
    Metrics metrics;
    const TrustedTokenCheck trusted(parts.check, issuers, {}, parts.revocations, parts.clock, metrics, kLeeway);
    const Result<VerifiedToken> result = trusted.check(text);
    return result ? "good" : std::string(to_string(result.error().code));
  }
  void revoke(const RevocationDraft& draft) {
    ASSERT_TRUE(run(service.revocations().revoke_foreign(draft, "test", Actor{"192.0.2.1", std::nullopt})));
  }

  const TokenMaker maker = TokenMaker::shared(Algorithm::kHs256);
  ForeignPolicy policy;
  TrustedIssuers issuers;
  ServiceUnderTest service;
};

TEST_F(ForeignRevocation, EachKindRefusesItsTokensAndNoOthers) {
  const auto mine = [&](const std::string& id) {
    return token(claims().set("jti", quote("j-" + id)).set("sid", quote("s-" + id)).set("sub", quote("u-" + id)));
  };
  const std::string bystander = mine("bystander");
  const TokenPair own = service.adopt("u-own");
  for (const char* id : {"a", "b", "c", "d", "e", "own"}) EXPECT_EQ(check(mine(id)), "good") << id;
  const std::pair<std::string, RevocationDraft> cases[] = {
      {"a", foreign_token_revocation(terms(), "j-a")},
      {"b", foreign_token_revocation(policy, "j-b", now() + hours(2))},
      {"c", foreign_session_revocation(terms(), "s-c")},
      {"d", foreign_user_revocation(terms(), "u-d")},
      {"e", foreign_before_revocation(policy, before_subject_key(kOther, "u-e"), now() + seconds(1))},
      {"own", foreign_user_revocation(terms(), "u-own")},
      {"own", foreign_session_revocation(terms(), own.session.id.text())},
  };
  for (const auto& [id, draft] : cases) {
    revoke(draft);
    EXPECT_EQ(check(mine(id)), "token_revoked") << id;
    EXPECT_EQ(check(bystander), "good") << id;
    EXPECT_TRUE(service.is_good(own)) << "a user and a session of another issuer are none of ours";
  }
}

TEST_F(ForeignRevocation, OfAUserRefusesEveryTokenThatIsAcceptedAtThatMoment) {
  std::vector<std::string> accepted;
  for (int ahead = -3; ahead <= 5; ++ahead) accepted.push_back(token(claims(seconds(ahead))));
  for (const std::string& text : accepted) EXPECT_EQ(check(text), "good");
  EXPECT_EQ(check(token(claims(seconds(6)))), "invalid_token") << "beyond the leeway";
  revoke(foreign_user_revocation(terms(), testing::kSubject));
  for (const std::string& text : accepted) EXPECT_EQ(check(text), "token_revoked");
  service.pass_time(seconds(6));
  EXPECT_EQ(check(token(claims())), "good") << "issued after the leeway";
}

// The last second in which a token that existed at the revocation could be accepted, with every purge that can come before.
TEST_F(ForeignRevocation, OutlivesEveryTokenThatIsAcceptedAtThatMoment) {
  const std::string longest = token(claims(kLeeway));
  const RevocationDraft drafts[] = {foreign_token_revocation(terms(), testing::kTokenId),
                                    foreign_session_revocation(terms(), testing::kSessionId),
                                    foreign_user_revocation(terms(), testing::kSubject)};
  for (const RevocationDraft& draft : drafts) {
    ServiceUnderTest fresh;
    Metrics metrics;
    const TrustedTokenCheck trusted(fresh.parts->check, issuers, {}, fresh.parts->revocations, fresh.parts->clock, metrics,
                                    kLeeway);
    ASSERT_TRUE(trusted.check(longest));
    ASSERT_TRUE(run(fresh.revocations().revoke_foreign(draft, "test", Actor{})));
    for (seconds passed{0}; passed < policy.max_lifetime + 3 * kLeeway; passed += seconds(1)) {
      ASSERT_TRUE(run(fresh.revocations().purge()));
      ASSERT_FALSE(trusted.check(longest)) << passed.count() << " s after the revocation";
      fresh.pass_time(seconds(1));
    }
    ASSERT_TRUE(run(fresh.revocations().purge()));
    EXPECT_EQ(fresh.revocations().live_count(), 0u) << "and is gone then";
  }
}

TEST_F(ForeignRevocation, IsKeptOverARestart) {
  const std::string text = token(claims().remove("jti"));
  const auto read = issuers.authenticate(text);
  ASSERT_TRUE(read);
  revoke(foreign_token_revocation(policy, read->token.claims().token_id, read->token.claims().expires_at));
  EXPECT_EQ(check(text), "token_revoked");
  service.start({});
  EXPECT_EQ(check(text), "token_revoked");
}

TEST_F(ForeignRevocation, BeforeIsCountedInTheIssuersLifetime) {
  const RevocationDraft draft = foreign_before_revocation(policy, before_issuer_key(kOther), now() - seconds(100));
  EXPECT_EQ(draft.expires, now() - seconds(100) + policy.max_lifetime);
  EXPECT_EQ(draft.value, (now() - seconds(100)).time_since_epoch().count());
  revoke(draft);
  EXPECT_EQ(check(token(claims(seconds(-101)))), "token_revoked");
  EXPECT_EQ(check(token(claims(seconds(-100)))), "good");
}

TEST_F(ForeignRevocation, ATokenIsOneOfOursFirst) {
  const TokenPair own = service.adopt("ada");
  EXPECT_EQ(check(own.access_token), "good");
  ASSERT_TRUE(service.log_out(own));
  EXPECT_EQ(check(own.access_token), "token_revoked");
  service.clock.advance(hours(1));  // nobody has renewed the lease
  EXPECT_EQ(check(token(claims())), "verifier_stale") << "the index may be incomplete for foreign tokens, too";
}

}  // namespace
}  // namespace rescind
