#include "rescind/caching_verifier.h"

#include <atomic>
#include <utility>

#include "verify/authentication.h"
#include "verify/token_store.h"

namespace rescind {
namespace {

using std::chrono::sys_seconds;

// One writer, any number of readers: no locked instruction.
void count_one(std::atomic<std::uint64_t>& counter) {
  counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

struct CachingVerifier::State {
  explicit State(CacheLimits limits) : store(limits) {}

  bool is_current(KnownToken& known) const;
  KnownToken* find(std::string_view token);
  Result<KnownToken, VerifyError> authenticate(std::string_view token) const;

  std::vector<std::shared_ptr<const TrustedIssuer>> issuers;
  std::uint64_t generation = 0;  // of the issuers
  TokenStore store;
  std::atomic<std::uint64_t> hits{0};
  std::atomic<std::uint64_t> misses{0};
};

// Whether the token is still vouched for; asked again after the issuers were replaced.
bool CachingVerifier::State::is_current(KnownToken& known) const {
  if (known.generation == generation) return true;
  for (const std::shared_ptr<const TrustedIssuer>& issuer : issuers) {
    if (issuer->policy != known.issuer->policy) continue;
    const VerificationKey* key = issuer->keys.find(known.key->key_id());
    if (key == nullptr || *key != *known.key) continue;
    known.issuer = issuer;
    known.key = key;
    known.generation = generation;
    return true;
  }
  return false;
}

KnownToken* CachingVerifier::State::find(std::string_view token) {
  KnownToken* known = store.find(token);
  if (known != nullptr && !is_current(*known)) {
    store.remove(*known);
    known = nullptr;
  }
  count_one(known != nullptr ? hits : misses);
  return known;
}

Result<KnownToken, VerifyError> CachingVerifier::State::authenticate(std::string_view token) const {
  DecodedToken decoded;
  if (const auto good = decode_token(token, decoded); !good) return Unexpected(good.error());
  VerifyError reason = VerifyError::kUnknownKey;
  for (const std::shared_ptr<const TrustedIssuer>& issuer : issuers) {
    auto authenticated = authenticate_decoded(decoded, issuer->keys, issuer->policy);
    if (authenticated) {
      return KnownToken{{}, std::move(authenticated->token), issuer, authenticated->key, {}, generation, {}, 0};
    }
    if (reason == VerifyError::kUnknownKey) reason = authenticated.error();
  }
  return Unexpected(reason);
}

CachingVerifier::CachingVerifier(std::vector<TrustedIssuer> issuers, CacheLimits limits)
    : state_(std::make_unique<State>(limits)) {
  replace_issuers(std::move(issuers));
}

CachingVerifier::~CachingVerifier() = default;

void CachingVerifier::replace_issuers(std::vector<TrustedIssuer> issuers) {
  ++state_->generation;
  state_->issuers.clear();
  for (TrustedIssuer& issuer : issuers) {
    state_->issuers.push_back(std::make_shared<const TrustedIssuer>(std::move(issuer)));
  }
}

Result<AuthenticToken, VerifyError> CachingVerifier::authenticate(std::string_view token) {
  if (const KnownToken* known = state_->find(token)) return known->token;
  auto authenticated = state_->authenticate(token);
  if (!authenticated) return Unexpected(authenticated.error());
  return std::move(authenticated->token);
}

Result<VerifiedToken, VerifyError> CachingVerifier::verify(std::string_view token, const RevocationView& revocations,
                                                           sys_seconds now) {
  if (KnownToken* known = state_->find(token)) {
    auto accepted = accept(known->token, known->keys, revocations, known->issuer->policy, now);
    if (!accepted && accepted.error() == VerifyError::kExpired) state_->store.remove(*known);
    return accepted;
  }
  auto known = state_->authenticate(token);
  if (!known) return Unexpected(known.error());
  auto accepted = accept(known->token, known->keys, revocations, known->issuer->policy, now);
  if (!accepted && accepted.error() == VerifyError::kExpired) return accepted;
  state_->store.insert(token, std::move(*known), [&](const KnownToken& other) {
    return is_expired(other.token.claims(), revocations, other.issuer->policy, now);
  });
  return accepted;
}

std::uint64_t CachingVerifier::hits() const { return state_->hits.load(std::memory_order_relaxed); }
std::uint64_t CachingVerifier::misses() const { return state_->misses.load(std::memory_order_relaxed); }
std::size_t CachingVerifier::size() const { return state_->store.size(); }
std::size_t CachingVerifier::bytes() const { return state_->store.bytes(); }

}  // namespace rescind
