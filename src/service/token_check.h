// "Is this access token good now?" for everything that this server answers: rescind::verify with the server's keys, index,
// policy, clock and lease. Touches no store.
#ifndef RESCIND_SERVICE_TOKEN_CHECK_H_
#define RESCIND_SERVICE_TOKEN_CHECK_H_

#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "rescind/verifier.h"
#include "service/revocations.h"

namespace rescind {

// Thread-safety: any thread may call any member.
class TokenCheck {
 public:
  TokenCheck(VerifierPolicy policy, const KeySet& keys, const Revocations& revocations, const Clock& clock)
      : policy_(std::move(policy)), keys_(keys), revocations_(revocations), clock_(clock) {}

  // kInvalidToken, kTokenExpired, kTokenRevoked, or kVerifierStale where the lease has run out.
  Result<VerifiedToken> check(std::string_view token) const;

  // For log-out and RFC 7009: a token that is ours, whether or not it is good.
  Result<AuthenticToken> identify(std::string_view token) const;

 private:
  VerifierPolicy current_policy() const;

  const VerifierPolicy policy_;
  const KeySet& keys_;
  const Revocations& revocations_;
  const Clock& clock_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_TOKEN_CHECK_H_
