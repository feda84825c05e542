// "Is this access token good now?" for everything that this server answers: a rescind::CachingVerifier a thread, with the
// server's issuers, index, clock and lease. Touches no store.
#ifndef RESCIND_SERVICE_TOKEN_CHECK_H_
#define RESCIND_SERVICE_TOKEN_CHECK_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/metrics.h"
#include "base/mutex.h"
#include "base/per_thread.h"
#include "rescind/caching_verifier.h"
#include "service/revocations.h"

namespace rescind {

// What a caller is told of a token that is not good: kInvalidToken (which check failed is no business of whoever made it up),
// kTokenExpired or kTokenRevoked.
Error token_failure(VerifyError error);

// Thread-safety: any thread may call any member.
class TokenCheck {
 public:
  // `issuer.policy.max_lifetime` counts for nothing: it follows from the longest that any token of ours may live. `limits` hold
  // for each thread.
  TokenCheck(TrustedIssuer issuer, CacheLimits limits, const Revocations& revocations, const Clock& clock, Metrics& metrics);

  // kInvalidToken, kTokenExpired, kTokenRevoked, or kVerifierStale where the lease has run out.
  Result<VerifiedToken> check(std::string_view token) const;

  // kVerifierStale where the lease has run out: nothing may be called good then. Part of check().
  Result<void> check_lease() const;

  // For log-out and RFC 7009: a token that is ours, whether or not it is good.
  Result<AuthenticToken> identify(std::string_view token) const;

  // Whether it claims to be signed by a key of ours.
  bool names_our_key(std::string_view token) const;

  // No check that begins after this has returned believes any other key.
  void replace_keys(KeySet keys) EXCLUDES(mutex_);

 private:
  // One thread's, and which issuer it was last told of.
  struct Own {
    Own(const TrustedIssuer& issuer, CacheLimits limits, std::uint64_t issuer_version, std::chrono::seconds lifetime)
        : verifier({issuer}, limits), keys(issuer.keys), version(issuer_version), max_lifetime(lifetime) {}
    CachingVerifier verifier;
    KeySet keys;  // the verifier's
    std::uint64_t version;
    std::chrono::seconds max_lifetime;
  };

  TrustedIssuer current_issuer() const EXCLUDES(mutex_);
  Own* find_own() const;

  const CacheLimits limits_;
  const Revocations& revocations_;
  const Clock& clock_;
  mutable Mutex mutex_;
  TrustedIssuer issuer_ GUARDED_BY(mutex_);
  std::atomic<std::uint64_t> version_{0};  // of issuer_; raised after each change
  mutable PerThread<Own> own_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_TOKEN_CHECK_H_
