// The public key of a passkey: a COSE_Key (RFC 9052 section 7, RFC 9053) of one of three kinds.
#ifndef RESCIND_WEBAUTHN_COSE_KEY_H_
#define RESCIND_WEBAUTHN_COSE_KEY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "rescind/algorithm.h"
#include "rescind/result.h"
#include "verify/signature_check.h"
#include "webauthn/webauthn_error.h"

namespace rescind {

// The number of an algorithm in COSE's registry: -7, -8, -257. Absent for an algorithm that passkeys do not use here.
std::optional<std::int64_t> cose_number(Algorithm algorithm);

// Thread-safety: immutable.
class CoseKey {
 public:
  // kty, alg and crv must agree, and there must be no other parameter than those of the type:
  //   EC2 with ES256 on P-256, uncompressed; OKP with EdDSA on Ed25519; RSA with RS256, kMinRsaBits to kMaxRsaBits.
  // kMalformedPublicKey, kUnsupportedAlgorithm, kWeakKey, kInvalidPoint.
  static Result<CoseKey, WebauthnError> parse(std::span<const std::uint8_t> bytes);

  Algorithm algorithm() const { return check_.algorithm(); }

  // True where `signature` is that of `message` in the form that WebAuthn Level 3 section 6.5.5 gives it: for ES256 the DER
  // of an Ecdsa-Sig-Value (RFC 3279 section 2.2.3).
  bool verify(std::string_view message, std::span<const std::uint8_t> signature) const;

 private:
  explicit CoseKey(SignatureCheck check) : check_(std::move(check)) {}
  SignatureCheck check_;
};

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_COSE_KEY_H_
