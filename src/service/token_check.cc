#include "service/token_check.h"

namespace rescind {
namespace {

// One message for every way in which a token can be wrong: which check failed is no business of whoever made it up.
Unexpected<Error> invalid_token() {
  return fail(ErrorCode::kInvalidToken, "the token is not one of this issuer's access tokens");
}

}  // namespace

// Access lifetimes may have been longer before a restart; those tokens are good until their own end.
VerifierPolicy TokenCheck::current_policy() const {
  VerifierPolicy policy = policy_;
  policy.max_lifetime = revocations_.longest_lifetime();
  return policy;
}

Result<VerifiedToken> TokenCheck::check(std::string_view token) const {
  if (!revocations_.is_loaded() || !revocations_.lease_is_live()) {
    return Unexpected(Error{ErrorCode::kVerifierStale,
                            "revocations may be missing here: the store has not answered for longer than the lease",
                            std::chrono::seconds(1)});
  }
  Result<VerifiedToken, VerifyError> verified =
      verify(token, keys_, revocations_.index(), current_policy(), to_seconds(clock_.wall_now()));
  if (verified) return std::move(verified).value();
  switch (verified.error()) {
    case VerifyError::kExpired: return fail(ErrorCode::kTokenExpired, "the token has expired");
    case VerifyError::kRevoked: return fail(ErrorCode::kTokenRevoked, "the token was revoked");
    case VerifyError::kMalformed:
    case VerifyError::kUnsupported:
    case VerifyError::kWrongType:
    case VerifyError::kUnknownKey:
    case VerifyError::kWrongKey:
    case VerifyError::kBadSignature:
    case VerifyError::kWrongIssuer:
    case VerifyError::kWrongAudience:
    case VerifyError::kTooLongLived:
    case VerifyError::kNotYetValid: return invalid_token();
  }
  return invalid_token();
}

Result<AuthenticToken> TokenCheck::identify(std::string_view token) const {
  Result<AuthenticToken, VerifyError> authentic = authenticate(token, keys_, current_policy());
  if (!authentic) return invalid_token();
  return std::move(authentic).value();
}

}  // namespace rescind
