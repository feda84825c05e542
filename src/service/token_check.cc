#include "service/token_check.h"

#include "rescind/foreign_token.h"

namespace rescind {

Error token_failure(VerifyError error) {
  switch (error) {
    case VerifyError::kExpired: return {ErrorCode::kTokenExpired, "the token has expired", std::nullopt};
    case VerifyError::kRevoked: return {ErrorCode::kTokenRevoked, "the token was revoked", std::nullopt};
    case VerifyError::kMalformed:
    case VerifyError::kUnsupported:
    case VerifyError::kWrongType:
    case VerifyError::kUnknownKey:
    case VerifyError::kWrongKey:
    case VerifyError::kBadSignature:
    case VerifyError::kWrongIssuer:
    case VerifyError::kWrongAudience:
    case VerifyError::kTooLongLived:
    case VerifyError::kNotYetValid: break;
  }
  return {ErrorCode::kInvalidToken, "the token is not one of this issuer's access tokens", std::nullopt};
}

TokenCheck::TokenCheck(TrustedIssuer issuer, CacheLimits limits, const Revocations& revocations, const Clock& clock,
                       Metrics& metrics)
    : limits_(limits), revocations_(revocations), clock_(clock), issuer_(std::move(issuer)) {
  const auto sum = [this](std::uint64_t (CachingVerifier::*count)() const) {
    std::uint64_t total = 0;
    own_.visit([&](const Own& own) { total += (own.verifier.*count)(); });
    return static_cast<double>(total);
  };
  metrics.add_counter("rescind_token_cache_hits_total", "Tokens whose signature had been checked before.",
                      [sum] { return sum(&CachingVerifier::hits); });
  metrics.add_counter("rescind_token_cache_misses_total", "Tokens that were checked from the beginning, good or not.",
                      [sum] { return sum(&CachingVerifier::misses); });
}

// Access lifetimes may have been longer before a restart; those tokens are good until their own end.
TrustedIssuer TokenCheck::current_issuer() const {
  MutexLock lock(mutex_);
  TrustedIssuer issuer = issuer_;
  issuer.policy.max_lifetime = revocations_.longest_lifetime();
  return issuer;
}

void TokenCheck::replace_keys(KeySet keys) {
  MutexLock lock(mutex_);
  issuer_.keys = std::move(keys);
  version_.fetch_add(1, std::memory_order_release);
}

// The calling thread's own, told of what has changed since; null where there are more threads than can have one.
TokenCheck::Own* TokenCheck::find_own() const {
  // Before the issuer: one that is newer than its version is told of again, one that is older never passes for new.
  const std::uint64_t version = version_.load(std::memory_order_acquire);
  const std::chrono::seconds max_lifetime = revocations_.longest_lifetime();
  Own* own = own_.find_or_make([&] { return std::make_unique<Own>(current_issuer(), limits_, version, max_lifetime); });
  if (own == nullptr) return nullptr;
  if (own->version != version || own->max_lifetime != max_lifetime) {
    const TrustedIssuer issuer = current_issuer();
    own->verifier.replace_issuers({issuer});
    own->keys = issuer.keys;
    own->version = version;
    own->max_lifetime = max_lifetime;
  }
  return own;
}

Result<void> TokenCheck::check_lease() const {
  if (revocations_.is_loaded() && revocations_.lease_is_live()) return {};
  return Unexpected(Error{ErrorCode::kVerifierStale,
                          "revocations may be missing here: the store has not answered for longer than the lease",
                          std::chrono::seconds(1)});
}

Result<VerifiedToken> TokenCheck::check(std::string_view token) const {
  if (Result<void> live = check_lease(); !live) return Unexpected(std::move(live).error());
  const RevocationView& index = revocations_.index();
  const std::chrono::sys_seconds now = to_seconds(clock_.wall_now());
  Own* const own = find_own();
  Result<VerifiedToken, VerifyError> verified = [&] {
    if (own != nullptr) return own->verifier.verify(token, index, now);
    const TrustedIssuer issuer = current_issuer();
    return verify(token, issuer.keys, index, issuer.policy, now);
  }();
  if (verified) return std::move(verified).value();
  return Unexpected(token_failure(verified.error()));
}

Result<AuthenticToken> TokenCheck::identify(std::string_view token) const {
  Own* const own = find_own();
  Result<AuthenticToken, VerifyError> authentic = [&] {
    if (own != nullptr) return own->verifier.authenticate(token);
    const TrustedIssuer issuer = current_issuer();
    return authenticate(token, issuer.keys, issuer.policy);
  }();
  if (!authentic) return Unexpected(token_failure(authentic.error()));
  return std::move(authentic).value();
}

bool TokenCheck::names_our_key(std::string_view token) const {
  const Result<std::string, VerifyError> key_id = read_key_id(token);
  if (!key_id) return false;
  const Own* const own = find_own();
  return (own != nullptr ? own->keys : current_issuer().keys).find(*key_id) != nullptr;
}

}  // namespace rescind
