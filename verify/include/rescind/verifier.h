// The check: is this token good now? Start reading here.
//
// Pure functions: keys, revocations, policy and time come in as arguments; no socket, no clock, no lock of their own. The
// order is fixed: size and shape, header, key, signature, then claims, so that no byte of a payload is parsed before its
// signature is known to be right.
//
// Thread-safety: reentrant.
#ifndef RESCIND_VERIFIER_H_
#define RESCIND_VERIFIER_H_

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "rescind/key.h"
#include "rescind/result.h"
#include "rescind/revocation_view.h"
#include "rescind/token.h"

namespace rescind {

inline constexpr std::size_t kMaxTokenBytes = 8 * 1024;
inline constexpr std::size_t kMaxJsonDepth = 8;

enum class VerifyError {
  kMalformed,      // not a compact JWS of three canonical segments with the claims of RFC 9068, or over a limit
  kUnsupported,    // a header member besides alg, typ and kid: crit, b64, jwk, jku, x5u, x5c, x5t, zip, enc …
  kWrongType,      // `typ` is not the policy's
  kUnknownKey,     // no key with this `kid`
  kWrongKey,       // the key exists and its algorithm is not the token's `alg`
  kBadSignature,   //
  kWrongIssuer,    // compared byte by byte
  kWrongAudience,  // compared byte by byte
  kTooLongLived,   // exp - iat is not in 1..max_lifetime of the policy
  kNotYetValid,    // iat or nbf is later than now + leeway
  kExpired,        // now >= exp + leeway; a token that is both expired and revoked is kExpired
  kRevoked,        //
};

// A stable name for logs and metrics: "malformed", "bad_signature", …
std::string_view to_string(VerifyError error);

struct VerifierPolicy {
  std::string issuer;
  std::string audience;                          // must be one of the token's `aud`
  std::string type = "at+jwt";                   // compared without case, with or without "application/" (RFC 9068 section 4)
  std::chrono::seconds leeway{5};                // for clocks that differ
  std::chrono::seconds max_lifetime{24 * 3600};  // bounds how long a revocation must be kept
  bool operator==(const VerifierPolicy&) const = default;
};

// Everything that does not change with time: shape, key, signature, type, issuer, audience, lifetime.
Result<AuthenticToken, VerifyError> authenticate(std::string_view token, const KeySet& keys, const VerifierPolicy& policy);

// Everything that does: expiry, by `now` and by revocations.horizon(), and revocation.
Result<VerifiedToken, VerifyError> accept(AuthenticToken token, const RevocationView& revocations, const VerifierPolicy& policy,
                                          std::chrono::sys_seconds now);
// The same for one who keeps the token, and with it the keys of this token.
Result<VerifiedToken, VerifyError> accept(AuthenticToken token, TokenKeys& keys, const RevocationView& revocations,
                                          const VerifierPolicy& policy, std::chrono::sys_seconds now);

// authenticate(), then accept().
Result<VerifiedToken, VerifyError> verify(std::string_view token, const KeySet& keys, const RevocationView& revocations,
                                          const VerifierPolicy& policy, std::chrono::sys_seconds now);

}  // namespace rescind

#endif  // RESCIND_VERIFIER_H_
