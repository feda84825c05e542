// A verifier that remembers which tokens are authentic, so that a token which comes again costs no signature and no parsing:
// an asymmetric signature is a hundred times the rest of a check.
//
// A hit answers exactly what verify() would: expiry, the horizon and the revocations are looked at every time, and a token
// whose key has been taken away or replaced since is no hit. A text hits that agrees with an authentic token in its last 16
// characters and in a keyed 128-bit digest of all of it (docs/adr/0007), and is answered with that token's claims, so that
// nothing can be smuggled in; nobody fills the memory with tokens of his own making. A hit allocates nothing and computes no
// SHA-256: an entry keeps its revocation keys.
//
// Thread-safety: one thread at a time, but hits() and misses(), which any thread may ask. For many threads make one each.
#ifndef RESCIND_CACHING_VERIFIER_H_
#define RESCIND_CACHING_VERIFIER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "rescind/key.h"
#include "rescind/result.h"
#include "rescind/revocation_view.h"
#include "rescind/token.h"
#include "rescind/verifier.h"

namespace rescind {

// Somebody whose tokens are believed: by these keys, under this policy.
struct TrustedIssuer {
  VerifierPolicy policy;
  KeySet keys;
};

// Both bounds hold. A token and its claims take about 2 KB where the token has 500 characters.
struct CacheLimits {
  std::size_t tokens = 65'536;           // 0: nothing is remembered; 4,194,304 at most
  std::size_t bytes = 64 * 1024 * 1024;  // as they are counted here: claims and, half of it at most, the places for tokens
};

class CachingVerifier {
 public:
  CachingVerifier(std::vector<TrustedIssuer> issuers, CacheLimits limits);
  ~CachingVerifier();
  CachingVerifier(const CachingVerifier&) = delete;
  CachingVerifier& operator=(const CachingVerifier&) = delete;

  // Believes these from now on, and nobody else. What is remembered stays only where its issuer's policy is there unchanged
  // and that issuer's keys still hold the same key; this is found out when the token comes again.
  void replace_issuers(std::vector<TrustedIssuer> issuers);

  // As the functions of rescind/verifier.h, with the first issuer that answers good. Where none does: the reason of the first
  // one that has the token's `kid`, else kUnknownKey.
  Result<AuthenticToken, VerifyError> authenticate(std::string_view token);  // remembers nothing
  Result<VerifiedToken, VerifyError> verify(std::string_view token, const RevocationView& revocations,
                                            std::chrono::sys_seconds now);

  std::uint64_t hits() const;
  std::uint64_t misses() const;
  std::size_t size() const;   // tokens that are remembered
  std::size_t bytes() const;  // that they and the places for others take

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rescind

#endif  // RESCIND_CACHING_VERIFIER_H_
