// Expiry, not-before, leeway, and clocks that step.
#include <gtest/gtest.h>

#include "verify/testing/verifier_fixture.h"

namespace rescind {
namespace {

using namespace testing;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

class Time : public VerifierFixture {
 protected:
  const sys_seconds exp = kNow + minutes(15);
  const std::string token = maker.make(ClaimsText(kNow).text());
};

TEST_F(Time, ATokenLivesUntilJustBeforeExpPlusLeeway) {
  EXPECT_EQ(check_at(token, exp), "good");
  EXPECT_EQ(check_at(token, exp + policy.leeway - seconds(1)), "good");
  EXPECT_EQ(check_at(token, exp + policy.leeway), "expired");
  EXPECT_EQ(check_at(token, exp + hours(1000)), "expired");
}

TEST_F(Time, WithoutLeewayATokenWithExpEqualToNowIsExpired) {
  policy.leeway = seconds(0);
  EXPECT_EQ(check_at(token, exp - seconds(1)), "good");
  EXPECT_EQ(check_at(token, exp), "expired");
}

TEST_F(Time, IatInTheFutureIsAllowedUpToTheLeeway) {
  EXPECT_EQ(check_claims(ClaimsText(kNow + policy.leeway)), "good");
  EXPECT_EQ(check_claims(ClaimsText(kNow + policy.leeway + seconds(1))), "not_yet_valid");
}

TEST_F(Time, NbfInTheFutureIsAllowedUpToTheLeeway) {
  EXPECT_EQ(check_claims(ClaimsText(kNow).set("nbf", kNow + policy.leeway)), "good");
  EXPECT_EQ(check_claims(ClaimsText(kNow).set("nbf", kNow + policy.leeway + seconds(1))), "not_yet_valid");
  EXPECT_EQ(check_claims(ClaimsText(kNow).set("nbf", kNow - hours(1))), "good");
  EXPECT_EQ(check_claims(ClaimsText(kNow).set("nbf", "9007199254740992")), "not_yet_valid");
}

TEST_F(Time, ALifetimeIsPositiveAndWithinThePolicy) {
  EXPECT_EQ(check_claims(ClaimsText(kNow, policy.max_lifetime)), "good");
  EXPECT_EQ(check_claims(ClaimsText(kNow, policy.max_lifetime + seconds(1))), "too_long_lived");
  EXPECT_EQ(check_claims(ClaimsText(kNow, seconds(1))), "good");
  EXPECT_EQ(check_claims(ClaimsText(kNow, seconds(0))), "too_long_lived");
  EXPECT_EQ(check_claims(ClaimsText(kNow, seconds(-1))), "too_long_lived");
  EXPECT_EQ(check_claims(ClaimsText(kNow).set("exp", "9007199254740992")), "too_long_lived");
  EXPECT_EQ(check_claims(ClaimsText(kNow).set("exp", "0")), "too_long_lived");
  EXPECT_EQ(check_claims(ClaimsText(kNow).set("iat", "0")), "too_long_lived");
  EXPECT_EQ(check_claims(ClaimsText(kNow).set("iat", "0").set("exp", "1")), "expired");
}

// Run under the undefined-behaviour sanitizer: no sum may wrap.
TEST_F(Time, AbsurdClocksAndPoliciesSaturate) {
  const std::string last = maker.make(ClaimsText(kNow).set("iat", "9007199254740991").set("exp", "9007199254740992").text());
  for (const sys_seconds now : {sys_seconds::min(), sys_seconds::max(), sys_seconds{}, kNow}) {
    for (const seconds leeway : {seconds::min(), seconds(-1), seconds(0), seconds(5), seconds::max()}) {
      for (const seconds lifetime : {seconds::min(), seconds(0), seconds::max()}) {
        policy.leeway = leeway;
        policy.max_lifetime = lifetime;
        check_at(last, now);
        check_at(token, now);
      }
    }
  }
  policy = default_policy();
  EXPECT_EQ(check_at(token, sys_seconds::max()), "expired");
  EXPECT_EQ(check_at(token, sys_seconds::min()), "not_yet_valid");
  EXPECT_EQ(check_at(last, kNow), "not_yet_valid");
  policy.leeway = seconds::max();
  EXPECT_EQ(check_at(token, exp + hours(1'000'000)), "good");
}

TEST_F(Time, ARevokedTokenIsRevokedAndLaterExpired) {
  EXPECT_TRUE(index.apply({1, RevocationKind::kToken, token_key(kIssuer, kTokenId), 0, exp}));
  EXPECT_EQ(check_at(token, kNow), "revoked");
  EXPECT_EQ(check_at(token, exp + policy.leeway - seconds(1)), "revoked");
  EXPECT_EQ(check_at(token, exp + policy.leeway), "expired");
}

TEST_F(Time, ARevocationOutlivesTheLeewayAndNotASecondMore) {
  EXPECT_TRUE(index.apply({1, RevocationKind::kToken, token_key(kIssuer, kTokenId), 0, exp}));
  const sys_seconds last_good_moment = exp + policy.leeway - seconds(1);
  EXPECT_EQ(index.purge(last_good_moment - policy.leeway), 0u);
  EXPECT_EQ(check_at(token, last_good_moment), "revoked");
  EXPECT_EQ(index.purge(exp), 1u);
  EXPECT_EQ(check_at(token, last_good_moment + seconds(1)), "expired");
}

TEST_F(Time, AClockThatStepsBackAfterAPurgeRevivesNothing) {
  EXPECT_TRUE(index.apply({1, RevocationKind::kToken, token_key(kIssuer, kTokenId), 0, exp}));
  index.purge(exp);
  ASSERT_EQ(index.size(), 0u);
  for (const sys_seconds now : {kNow, exp, kNow - hours(24), sys_seconds{}}) EXPECT_EQ(check_at(token, now), "expired");
}

TEST_F(Time, ALeewayThatIsRaisedAfterAPurgeRevivesNothing) {
  EXPECT_TRUE(index.apply({1, RevocationKind::kToken, token_key(kIssuer, kTokenId), 0, exp}));
  index.purge(exp);
  policy.leeway = hours(1);
  EXPECT_EQ(check_at(token, exp + seconds(1)), "expired");
}

TEST_F(Time, AuthenticateLooksAtNoClock) {
  EXPECT_TRUE(authenticate(maker.make(ClaimsText(sys_seconds(seconds(1000))).text()), keys, policy));
  EXPECT_TRUE(index.apply(revocation(RevocationKind::kToken, token_key(kIssuer, kTokenId))));
  auto authentic = authenticate(token, keys, policy);
  ASSERT_TRUE(authentic);
  EXPECT_EQ(accept(*authentic, index, policy, kNow).error(), VerifyError::kRevoked);
}

}  // namespace
}  // namespace rescind
