#include "webauthn/webauthn_error.h"

namespace rescind {

std::string_view to_string(WebauthnError error) {
  switch (error) {
    case WebauthnError::kMalformedResponse: return "malformed_response";
    case WebauthnError::kMalformedClientData: return "malformed_client_data";
    case WebauthnError::kMalformedAuthenticatorData: return "malformed_authenticator_data";
    case WebauthnError::kMalformedAttestation: return "malformed_attestation";
    case WebauthnError::kMalformedPublicKey: return "malformed_public_key";
    case WebauthnError::kWrongType: return "wrong_type";
    case WebauthnError::kChallengeMismatch: return "challenge_mismatch";
    case WebauthnError::kOriginNotAllowed: return "origin_not_allowed";
    case WebauthnError::kCrossOrigin: return "cross_origin";
    case WebauthnError::kWrongRelyingParty: return "wrong_relying_party";
    case WebauthnError::kUserNotPresent: return "user_not_present";
    case WebauthnError::kUserNotVerified: return "user_not_verified";
    case WebauthnError::kInvalidBackupFlags: return "invalid_backup_flags";
    case WebauthnError::kBackupEligibilityChanged: return "backup_eligibility_changed";
    case WebauthnError::kUnsupportedAlgorithm: return "unsupported_algorithm";
    case WebauthnError::kWeakKey: return "weak_key";
    case WebauthnError::kInvalidPoint: return "invalid_point";
    case WebauthnError::kCredentialMismatch: return "credential_mismatch";
    case WebauthnError::kUserMismatch: return "user_mismatch";
    case WebauthnError::kInvalidSignature: return "invalid_signature";
    case WebauthnError::kCounterRegressed: return "counter_regressed";
  }
  return "";
}

}  // namespace rescind
