// The attestation object of a registration (W3C WebAuthn Level 3 section 6.5).
//
// We ask for no attestation ("none"): who made an authenticator is nobody's business here, and a statement would only be worth
// something to those who keep a list of makers whom they trust. A statement that comes all the same is held to the bounds of
// the decoder and otherwise ignored, as section 7.1 allows.
#ifndef RESCIND_WEBAUTHN_ATTESTATION_OBJECT_H_
#define RESCIND_WEBAUTHN_ATTESTATION_OBJECT_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "rescind/result.h"
#include "webauthn/webauthn_error.h"

namespace rescind {

// Views of what was parsed.
struct AttestationObject {
  std::string_view format;  // "none", "packed", …; at most 32 bytes
  std::span<const std::uint8_t> authenticator_data;
};

inline constexpr std::size_t kMaxAttestationBytes = 32 * 1024;

// kMalformedAttestation where it is not a CBOR map of exactly fmt, attStmt and authData, or where the format is "none" and
// there is a statement.
Result<AttestationObject, WebauthnError> parse_attestation_object(std::span<const std::uint8_t> bytes);

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_ATTESTATION_OBJECT_H_
