#include "service/trusted_token_check.h"

namespace rescind {
namespace {

Error refusal(ForeignRefusal reason) {
  switch (reason) {
    case ForeignRefusal::kNotTrusted: break;
    case ForeignRefusal::kUnknown:
      return {ErrorCode::kVerifierStale, "the keys of an issuer whose token this may be are not here now",
              std::chrono::seconds(1)};
  }
  return {ErrorCode::kInvalidToken, "the token is not an access token of an issuer that is trusted here", std::nullopt};
}

}  // namespace

TrustedTokenCheck::TrustedTokenCheck(const TokenCheck& own, const TrustedIssuers& issuers, const Revocations& revocations,
                                     const Clock& clock, std::chrono::seconds leeway)
    : own_(own), issuers_(issuers), revocations_(revocations), clock_(clock) {
  acceptance_.leeway = leeway;
}

Result<VerifiedToken> TrustedTokenCheck::check(std::string_view token) const {
  Result<VerifiedToken> ours = own_.check(token);
  // Ours, or nobody may say now.
  if (ours || ours.error().code != ErrorCode::kInvalidToken || issuers_.empty()) return ours;
  Result<AuthenticToken> foreign = authenticate(token);
  if (!foreign) return Unexpected(std::move(foreign).error());
  Result<VerifiedToken, VerifyError> accepted =
      accept(std::move(*foreign), revocations_.index(), acceptance_, to_seconds(clock_.wall_now()));
  if (!accepted) return Unexpected(token_failure(accepted.error()));
  return std::move(*accepted);
}

Result<AuthenticToken> TrustedTokenCheck::identify(std::string_view token) const {
  Result<AuthenticToken> ours = own_.identify(token);
  if (ours || issuers_.empty()) return ours;
  return authenticate(token);
}

Result<AuthenticToken> TrustedTokenCheck::authenticate(std::string_view token) const {
  Result<AuthenticToken, ForeignRefusal> foreign = issuers_.authenticate(token);
  if (foreign) return std::move(*foreign);
  // An alteration of a token of ours is that, whichever issuer's keys are away.
  return Unexpected(refusal(own_.names_our_key(token) ? ForeignRefusal::kNotTrusted : foreign.error()));
}

}  // namespace rescind
