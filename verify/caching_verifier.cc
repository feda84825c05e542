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

// Who stands behind a token of ours.
struct IssuerAndKey {
  std::uint64_t generation = 0;                 // of the issuers among which the issuer was found last
  std::shared_ptr<const TrustedIssuer> issuer;  // that vouches for it
  const VerificationKey* key = nullptr;         // of issuer->keys
};
using Known = KnownToken<IssuerAndKey>;
static_assert(sizeof(Known) == 256);

}  // namespace

struct CachingVerifier::State {
  explicit State(CacheLimits limits) : store(limits) {}

  bool is_current(Known& known) const;
  Known* find(std::string_view token);
  Result<Known, VerifyError> authenticate(std::string_view token) const;

  std::vector<std::shared_ptr<const TrustedIssuer>> issuers;
  std::uint64_t generation = 0;  // of the issuers
  TokenStore<IssuerAndKey> store;
  std::atomic<std::uint64_t> hits{0};
  std::atomic<std::uint64_t> misses{0};
};

// Whether the token is still vouched for; asked again after the issuers were replaced.
bool CachingVerifier::State::is_current(Known& known) const {
  if (known.by.generation == generation) return true;
  for (const std::shared_ptr<const TrustedIssuer>& issuer : issuers) {
    if (issuer->policy != known.by.issuer->policy) continue;
    const VerificationKey* key = issuer->keys.find(known.by.key->key_id());
    if (key == nullptr || *key != *known.by.key) continue;
    known.by = {generation, issuer, key};
    return true;
  }
  return false;
}

Known* CachingVerifier::State::find(std::string_view token) {
  Known* known = store.find(token);
  if (known != nullptr && !is_current(*known)) {
    store.remove(*known);
    known = nullptr;
  }
  count_one(known != nullptr ? hits : misses);
  return known;
}

Result<Known, VerifyError> CachingVerifier::State::authenticate(std::string_view token) const {
  DecodedToken decoded;
  if (const auto good = decode_token(token, decoded); !good) return Unexpected(good.error());
  VerifyError reason = VerifyError::kUnknownKey;
  for (const std::shared_ptr<const TrustedIssuer>& issuer : issuers) {
    auto authenticated = authenticate_decoded(decoded, issuer->keys, issuer->policy);
    if (authenticated) return Known(std::move(authenticated->token), {generation, issuer, authenticated->key});
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
  if (const Known* known = state_->find(token)) return known->token;
  auto authenticated = state_->authenticate(token);
  if (!authenticated) return Unexpected(authenticated.error());
  return std::move(authenticated->token);
}

Result<VerifiedToken, VerifyError> CachingVerifier::verify(std::string_view token, const RevocationView& revocations,
                                                           sys_seconds now) {
  if (Known* known = state_->find(token)) {
    auto accepted = accept(known->token, known->keys, revocations, known->by.issuer->policy, now);
    if (!accepted && accepted.error() == VerifyError::kExpired) state_->store.remove(*known);
    return accepted;
  }
  auto known = state_->authenticate(token);
  if (!known) return Unexpected(known.error());
  auto accepted = accept(known->token, known->keys, revocations, known->by.issuer->policy, now);
  if (!accepted && accepted.error() == VerifyError::kExpired) return accepted;
  state_->store.insert(token, std::move(*known),
                       [&](const Known& other) { return is_expired(other.token, revocations, other.by.issuer->policy, now); });
  return accepted;
}

std::uint64_t CachingVerifier::hits() const { return state_->hits.load(std::memory_order_relaxed); }
std::uint64_t CachingVerifier::misses() const { return state_->misses.load(std::memory_order_relaxed); }
std::size_t CachingVerifier::size() const { return state_->store.size(); }
std::size_t CachingVerifier::bytes() const { return state_->store.bytes(); }

}  // namespace rescind
