#include "base/error.h"

namespace rescind {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidRequest: return "invalid_request";
    case ErrorCode::kUnsupportedMedia: return "unsupported_media_type";
    case ErrorCode::kPayloadTooLarge: return "payload_too_large";
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kMethodNotAllowed: return "method_not_allowed";
    case ErrorCode::kMissingToken: return "missing_token";
    case ErrorCode::kInvalidToken: return "invalid_token";
    case ErrorCode::kTokenExpired: return "token_expired";
    case ErrorCode::kTokenRevoked: return "token_revoked";
    case ErrorCode::kInvalidCredentials: return "invalid_credentials";
    case ErrorCode::kInvalidLink: return "invalid_link";
    case ErrorCode::kEmailTaken: return "email_taken";
    case ErrorCode::kSessionExpired: return "session_expired";
    case ErrorCode::kSessionRevoked: return "session_revoked";
    case ErrorCode::kRefreshReused: return "refresh_reused";
    case ErrorCode::kUserBlocked: return "user_blocked";
    case ErrorCode::kEmailNotVerified: return "email_not_verified";
    case ErrorCode::kSessionLimit: return "session_limit";
    case ErrorCode::kTooManyAttempts: return "too_many_attempts";
    case ErrorCode::kInvalidChallenge: return "invalid_challenge";
    case ErrorCode::kPasskeyTaken: return "passkey_taken";
    case ErrorCode::kPasskeyLimit: return "passkey_limit";
    case ErrorCode::kLastCredential: return "last_credential";
    case ErrorCode::kInsufficientScope: return "insufficient_scope";
    case ErrorCode::kInsufficientRole: return "insufficient_role";
    case ErrorCode::kReauthenticationRequired: return "reauthentication_required";
    case ErrorCode::kCsrfRejected: return "csrf_rejected";
    case ErrorCode::kOverloaded: return "overloaded";
    case ErrorCode::kMailUnavailable: return "mail_unavailable";
    case ErrorCode::kStoreUnavailable: return "store_unavailable";
    case ErrorCode::kVerifierStale: return "verifier_stale";
    case ErrorCode::kInternal: return "internal";
  }
  return "internal";
}

}  // namespace rescind
