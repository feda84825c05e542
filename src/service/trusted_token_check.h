// "Is this token good now?" where tokens of trusted issuers count besides our own. The routes under /auth ask TokenCheck alone:
// a user of another issuer is nobody here, whatever his `sub`.
//
// Each thread remembers which tokens of theirs are authentic, as CachingVerifier does for ours: expiry and revocations are
// looked at every time, and a token is remembered only as long as its issuer's key set is the one that it was checked with.
#ifndef RESCIND_SERVICE_TRUSTED_TOKEN_CHECK_H_
#define RESCIND_SERVICE_TRUSTED_TOKEN_CHECK_H_

#include <chrono>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/metrics.h"
#include "base/per_thread.h"
#include "issuers/trusted_issuers.h"
#include "rescind/caching_verifier.h"
#include "rescind/verifier.h"
#include "service/revocations.h"
#include "service/token_check.h"

namespace rescind {

// Thread-safety: any thread may call any member.
class TrustedTokenCheck {
 public:
  // `limits` hold for each thread, beside those of `own`.
  TrustedTokenCheck(const TokenCheck& own, const TrustedIssuers& issuers, CacheLimits limits, const Revocations& revocations,
                    const Clock& clock, Metrics& metrics, std::chrono::seconds leeway);
  ~TrustedTokenCheck();

  // As TokenCheck::check(); also kVerifierStale where the token might be of an issuer whose keys are not here now.
  Result<VerifiedToken> check(std::string_view token) const;

  // As TokenCheck::identify(), and kVerifierStale likewise.
  Result<AuthenticToken> identify(std::string_view token) const;

 private:
  struct Remembered;  // of one thread

  Remembered* find_remembered() const;
  // A token that is not ours.
  Result<VouchedToken> authenticate(std::string_view token) const;

  const TokenCheck& own_;
  const TrustedIssuers& issuers_;
  const CacheLimits limits_;
  const Revocations& revocations_;
  const Clock& clock_;
  VerifierPolicy acceptance_;  // constant after construction: the leeway; the rest is each issuer's own
  mutable PerThread<Remembered> remembered_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_TRUSTED_TOKEN_CHECK_H_
