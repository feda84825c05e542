#include "service/trusted_token_check.h"

#include <atomic>

#include "verify/authentication.h"
#include "verify/token_store.h"

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

// One writer, any number of readers.
struct TrustedTokenCheck::Remembered {
  explicit Remembered(CacheLimits limits) : tokens(limits) {}

  // Null where the token is not here, or its issuer has other keys by now.
  KnownToken<KeysOfIssuer>* find(std::string_view token) {
    KnownToken<KeysOfIssuer>* const known = tokens.find(token);
    if (known == nullptr) return nullptr;
    if (!known->by.are_current()) {
      tokens.remove(*known);
      return nullptr;
    }
    hits.store(hits.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    return known;
  }

  TokenStore<KeysOfIssuer> tokens;
  std::atomic<std::uint64_t> hits{0};
};

TrustedTokenCheck::TrustedTokenCheck(const TokenCheck& own, const TrustedIssuers& issuers, CacheLimits limits,
                                     const Revocations& revocations, const Clock& clock, Metrics& metrics,
                                     std::chrono::seconds leeway)
    : own_(own), issuers_(issuers), limits_(limits), revocations_(revocations), clock_(clock) {
  acceptance_.leeway = leeway;
  metrics.add_counter("rescind_foreign_token_cache_hits_total",
                      "Tokens of trusted issuers whose signature had been checked before.", [this] {
                        std::uint64_t total = 0;
                        remembered_.visit([&](const Remembered& one) { total += one.hits.load(std::memory_order_relaxed); });
                        return static_cast<double>(total);
                      });
}

TrustedTokenCheck::~TrustedTokenCheck() = default;

// Null where there are more threads than can have one.
TrustedTokenCheck::Remembered* TrustedTokenCheck::find_remembered() const {
  return remembered_.find_or_make([&] { return std::make_unique<Remembered>(limits_); });
}

Result<VerifiedToken> TrustedTokenCheck::check(std::string_view token) const {
  if (issuers_.empty()) return own_.check(token);
  if (Result<void> live = own_.check_lease(); !live) return Unexpected(std::move(live).error());
  const RevocationView& index = revocations_.index();
  const std::chrono::sys_seconds now = to_seconds(clock_.wall_now());
  Remembered* const remembered = find_remembered();
  if (KnownToken<KeysOfIssuer>* const known = remembered == nullptr ? nullptr : remembered->find(token)) {
    Result<VerifiedToken, VerifyError> accepted = accept(known->token, known->keys, index, acceptance_, now);
    if (accepted) return std::move(*accepted);
    if (accepted.error() == VerifyError::kExpired) remembered->tokens.remove(*known);
    return Unexpected(token_failure(accepted.error()));
  }

  Result<VerifiedToken> ours = own_.check(token);
  // Ours, or nobody may say now.
  if (ours || ours.error().code != ErrorCode::kInvalidToken) return ours;
  Result<VouchedToken> foreign = authenticate(token);
  if (!foreign) return Unexpected(std::move(foreign).error());
  KnownToken<KeysOfIssuer> known(std::move(foreign->token), foreign->keys);
  Result<VerifiedToken, VerifyError> accepted = accept(known.token, known.keys, index, acceptance_, now);
  const bool is_over = !accepted && accepted.error() == VerifyError::kExpired;
  if (remembered != nullptr && !is_over) {
    remembered->tokens.insert(token, std::move(known), [&](const KnownToken<KeysOfIssuer>& other) {
      return is_expired(other.token, index, acceptance_, now);
    });
  }
  if (!accepted) return Unexpected(token_failure(accepted.error()));
  return std::move(*accepted);
}

Result<AuthenticToken> TrustedTokenCheck::identify(std::string_view token) const {
  Result<AuthenticToken> ours = own_.identify(token);
  if (ours || issuers_.empty()) return ours;
  Result<VouchedToken> foreign = authenticate(token);
  if (!foreign) return Unexpected(std::move(foreign).error());
  return std::move(foreign->token);
}

Result<VouchedToken> TrustedTokenCheck::authenticate(std::string_view token) const {
  Result<VouchedToken, ForeignRefusal> foreign = issuers_.authenticate(token);
  if (foreign) return std::move(*foreign);
  // An alteration of a token of ours is that, whichever issuer's keys are away.
  return Unexpected(refusal(own_.names_our_key(token) ? ForeignRefusal::kNotTrusted : foreign.error()));
}

}  // namespace rescind
