// For tests only: one verifier's keys, policy and index, and a fixed now.
#ifndef RESCIND_VERIFY_TESTING_VERIFIER_FIXTURE_H_
#define RESCIND_VERIFY_TESTING_VERIFIER_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>

#include "rescind/revocation_index.h"
#include "rescind/verifier.h"
#include "verify/testing/token_maker.h"

namespace rescind::testing {

inline constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(1'700'000'000)};

class VerifierFixture : public ::testing::Test {
 protected:
  explicit VerifierFixture(Algorithm algorithm = Algorithm::kHs256)
      : maker(TokenMaker::shared(algorithm)), keys(maker.key_set()), policy(default_policy()) {}

  // "good", or the name of the reason why not.
  std::string check(std::string_view token) const { return check_at(token, kNow); }
  std::string check_at(std::string_view token, std::chrono::sys_seconds now) const {
    const auto result = verify(token, keys, index, policy, now);
    return result ? "good" : std::string(to_string(result.error()));
  }
  // The same, for a token of ours with this payload or this header.
  std::string check_payload(std::string_view payload) const { return check(maker.make(payload)); }
  std::string check_claims(const ClaimsText& claims) const { return check_payload(claims.text()); }
  std::string check_header(std::string_view header) const { return check(maker.make(header, ClaimsText(kNow).text())); }

  Revocation revocation(RevocationKind kind, const RevocationKey& key, std::int64_t value = 0) const {
    return Revocation{1, kind, key, value, kNow + std::chrono::hours(24)};
  }

  TokenMaker maker;
  KeySet keys;
  RevocationIndex index;
  VerifierPolicy policy;
};

}  // namespace rescind::testing

#endif  // RESCIND_VERIFY_TESTING_VERIFIER_FIXTURE_H_
