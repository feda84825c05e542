// "Is this token good now?" where tokens of trusted issuers count besides our own. The routes under /auth ask TokenCheck alone:
// a user of another issuer is nobody here, whatever his `sub`.
#ifndef RESCIND_SERVICE_TRUSTED_TOKEN_CHECK_H_
#define RESCIND_SERVICE_TRUSTED_TOKEN_CHECK_H_

#include <chrono>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "issuers/trusted_issuers.h"
#include "rescind/verifier.h"
#include "service/revocations.h"
#include "service/token_check.h"

namespace rescind {

// Thread-safety: any thread may call any member.
class TrustedTokenCheck {
 public:
  TrustedTokenCheck(const TokenCheck& own, const TrustedIssuers& issuers, const Revocations& revocations, const Clock& clock,
                    std::chrono::seconds leeway);

  // As TokenCheck::check(); also kVerifierStale where the token might be of an issuer whose keys are not here now.
  Result<VerifiedToken> check(std::string_view token) const;

  // As TokenCheck::identify(), and kVerifierStale likewise.
  Result<AuthenticToken> identify(std::string_view token) const;

 private:
  // A token that is not ours.
  Result<AuthenticToken> authenticate(std::string_view token) const;

  const TokenCheck& own_;
  const TrustedIssuers& issuers_;
  const Revocations& revocations_;
  const Clock& clock_;
  VerifierPolicy acceptance_;  // constant after construction: the leeway; the rest is each issuer's own
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_TRUSTED_TOKEN_CHECK_H_
