// Why an answer of an authenticator is refused.
#ifndef RESCIND_WEBAUTHN_WEBAUTHN_ERROR_H_
#define RESCIND_WEBAUTHN_WEBAUTHN_ERROR_H_

#include <cstdint>
#include <string_view>

namespace rescind {

enum class WebauthnError : std::uint8_t {
  kMalformedResponse,           // not the JSON of WebAuthn Level 3 section 5.1, a member too long, or lax base64url
  kMalformedClientData,         // clientDataJSON is not strict JSON with the members that are needed
  kMalformedAuthenticatorData,  // lengths, flags and content do not agree, or something stands behind the end
  kMalformedAttestation,        // the attestation object is not strict CBOR of the three members
  kMalformedPublicKey,          // not a COSE_Key of exactly the parameters that its type has
  kWrongType,                   // made for the other ceremony
  kChallengeMismatch,           //
  kOriginNotAllowed,            // made on a page of another origin
  kCrossOrigin,                 // made in a frame of a page that may not frame us
  kWrongRelyingParty,           // the hash of another RP ID
  kUserNotPresent,              //
  kUserNotVerified,             // where the request required it
  kInvalidBackupFlags,          // backed up, but not eligible for it
  kBackupEligibilityChanged,    // it is fixed at creation
  kUnsupportedAlgorithm,        // a key type, curve or algorithm that we do not know or did not ask for
  kWeakKey,                     // RSA outside 2,048 to 8,192 bits, or a bad exponent
  kInvalidPoint,                // not on the curve
  kCredentialMismatch,          // the credential is not the one that the answer, the request or the store names
  kUserMismatch,                // the user handle is another user's, or missing where nothing else says who signs in
  kInvalidSignature,            //
  kCounterRegressed,            // the signature counter did not grow: the authenticator may have been copied
};

// The stable name, for events and logs: "wrong_type", "counter_regressed", …
std::string_view to_string(WebauthnError error);

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_WEBAUTHN_ERROR_H_
