// Tokens that another system issues, read as that system writes them: without `jti`, with the session, the user and the
// roles under names of its own, with `typ` JWT or none. What makes a token safe stays as strict as for our own: shape, key by
// `kid`, one algorithm a key, signature before payload, issuer, audience, a bounded lifetime.
//
// Thread-safety: reentrant.
#ifndef RESCIND_FOREIGN_TOKEN_H_
#define RESCIND_FOREIGN_TOKEN_H_

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rescind/algorithm.h"
#include "rescind/key.h"
#include "rescind/result.h"
#include "rescind/token.h"
#include "rescind/verifier.h"

namespace rescind {

// Where a claim stands: the names of the members that lead to it, outermost first. Empty: such tokens have no such claim.
using ClaimPath = std::vector<std::string>;

struct ForeignPolicy {
  std::string issuer;                            // compared byte by byte
  std::vector<std::string> audiences;            // one of them must be in `aud`; empty: `aud` is not looked at
  std::string type = "JWT";                      // compared as VerifierPolicy::type; with "JWT" a token may have no `typ`
  ClaimPath user{"sub"};                         // a non-empty string, required
  ClaimPath session{"sid"};                      // a non-empty string, where present
  ClaimPath roles;                               // a string or an array of strings, where present
  ClaimPath scope{"scope"};                      // a string, or an array of strings, where present
  std::chrono::seconds max_lifetime{24 * 3600};  // bounds how long a revocation must be kept
};

// The prefix of the id that a token without `jti` gets: the base64url SHA-256 of its decoded payload stands behind it. The
// digest is over the claims and not over the text, so that every text of one token has one id. A `jti` that begins so is not
// taken for an id: such a token has the id of its digest, and the two kinds never meet.
inline constexpr std::string_view kPayloadIdPrefix = "payload-sha256:";

// Everything about a token that does not change with time, as authenticate() of rescind/verifier.h for our own. `exp` and
// `iat` are required. The claims are mapped: subject, session_id, roles and scope are those of the policy, client_id is
// `client_id`, else `azp`; there is no token version.
//
// A token without `kid` is authentic only where `keys` holds exactly one key.
Result<AuthenticToken, VerifyError> authenticate_foreign(std::string_view token, const KeySet& keys,
                                                         const ForeignPolicy& policy);

// The key of `keys` that would have to have signed a token with this `kid` (empty: a token without); null where there is none.
const VerificationKey* find_signer(const KeySet& keys, std::string_view key_id);

// The id of a key that is alone and has none. A token gains nothing by naming it: that key must have signed it all the same.
inline constexpr std::string_view kUnnamedKeyId = "unnamed";

// The `kid` that a token names, empty where it names none: enough to choose whose policy is tried. Nothing is verified yet.
// kMalformed or kUnsupported where no issuer could have signed it.
Result<std::string, VerifyError> read_key_id(std::string_view token);

// The JWK Set of another system, never empty. As RFC 7517 section 5 says, a key that is not understood (a curve that we do not
// have, no `kid`, a shared secret, a private key that should not be there …) is passed over, where KeySet::from_jwks refuses
// the set; one that is alone needs no `kid`. `accepted` empty: any algorithm. An RSA key without `alg` is usable only where
// `accepted` holds exactly one of RS256 and PS256, for a key carries one algorithm and a token never chooses it. kMalformed,
// kDuplicateKeyId, or kUnsupported where no key can be used.
Result<KeySet, KeyError> read_foreign_jwks(std::string_view json, std::span<const Algorithm> accepted);

}  // namespace rescind

#endif  // RESCIND_FOREIGN_TOKEN_H_
