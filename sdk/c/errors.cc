// The errors' numbers, which never change, and their names.
#include "sdk/c/boundary.h"

namespace rescind::c {

rescind_error to_c(VerifyError error) {
  switch (error) {
    case VerifyError::kMalformed: return RESCIND_TOKEN_MALFORMED;
    case VerifyError::kUnsupported: return RESCIND_TOKEN_UNSUPPORTED;
    case VerifyError::kWrongType: return RESCIND_TOKEN_WRONG_TYPE;
    case VerifyError::kUnknownKey: return RESCIND_TOKEN_UNKNOWN_KEY;
    case VerifyError::kWrongKey: return RESCIND_TOKEN_WRONG_KEY;
    case VerifyError::kBadSignature: return RESCIND_TOKEN_BAD_SIGNATURE;
    case VerifyError::kWrongIssuer: return RESCIND_TOKEN_WRONG_ISSUER;
    case VerifyError::kWrongAudience: return RESCIND_TOKEN_WRONG_AUDIENCE;
    case VerifyError::kTooLongLived: return RESCIND_TOKEN_TOO_LONG_LIVED;
    case VerifyError::kNotYetValid: return RESCIND_TOKEN_NOT_YET_VALID;
    case VerifyError::kExpired: return RESCIND_TOKEN_EXPIRED;
    case VerifyError::kRevoked: return RESCIND_TOKEN_REVOKED;
  }
  return RESCIND_INTERNAL;
}

rescind_error to_c(KeyError error) {
  switch (error) {
    case KeyError::kMalformed: return RESCIND_KEYS_MALFORMED;
    case KeyError::kUnsupported: return RESCIND_KEYS_UNSUPPORTED;
    case KeyError::kWeak: return RESCIND_KEYS_WEAK;
    case KeyError::kInvalidPoint: return RESCIND_KEYS_INVALID_POINT;
    case KeyError::kInvalidKeyId: return RESCIND_KEYS_INVALID_ID;
    case KeyError::kDuplicateKeyId: return RESCIND_KEYS_DUPLICATE_ID;
  }
  return RESCIND_INTERNAL;
}

}  // namespace rescind::c

const char* rescind_error_name(rescind_error error) {
  switch (error) {
    case RESCIND_OK: return "ok";
    case RESCIND_INVALID_ARGUMENT: return "invalid_argument";
    case RESCIND_OUT_OF_MEMORY: return "out_of_memory";
    case RESCIND_INTERNAL: return "internal";
    case RESCIND_TOKEN_MALFORMED: return "token_malformed";
    case RESCIND_TOKEN_UNSUPPORTED: return "token_unsupported";
    case RESCIND_TOKEN_WRONG_TYPE: return "token_wrong_type";
    case RESCIND_TOKEN_UNKNOWN_KEY: return "token_unknown_key";
    case RESCIND_TOKEN_WRONG_KEY: return "token_wrong_key";
    case RESCIND_TOKEN_BAD_SIGNATURE: return "token_bad_signature";
    case RESCIND_TOKEN_WRONG_ISSUER: return "token_wrong_issuer";
    case RESCIND_TOKEN_WRONG_AUDIENCE: return "token_wrong_audience";
    case RESCIND_TOKEN_TOO_LONG_LIVED: return "token_too_long_lived";
    case RESCIND_TOKEN_NOT_YET_VALID: return "token_not_yet_valid";
    case RESCIND_TOKEN_EXPIRED: return "token_expired";
    case RESCIND_TOKEN_REVOKED: return "token_revoked";
    case RESCIND_KEYS_MALFORMED: return "keys_malformed";
    case RESCIND_KEYS_UNSUPPORTED: return "keys_unsupported";
    case RESCIND_KEYS_WEAK: return "keys_weak";
    case RESCIND_KEYS_INVALID_POINT: return "keys_invalid_point";
    case RESCIND_KEYS_INVALID_ID: return "keys_invalid_id";
    case RESCIND_KEYS_DUPLICATE_ID: return "keys_duplicate_id";
    case RESCIND_INDEX_FULL: return "index_full";
  }
  return "unknown";
}

const char* rescind_version(void) { return RESCIND_VERSION; }
