#include "token/key_life.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "token/refresh_token.h"

namespace rescind {
namespace {

Secret generate_refresh_key(Random& random) {
  std::array<std::uint8_t, kRefreshKeyBytes> bytes;
  random.fill(bytes);
  Secret key(std::string(bytes.begin(), bytes.end()));
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return key;
}

// The keys while they are changed, and what was done to them.
class Work {
 public:
  Work(const ServerKeys& keys, const KeyPolicy& policy, WallTime now, Random& random)
      : keys_(keys), policy_(policy), now_(now), random_(random) {}

  Result<void> settle() {
    drop_what_nobody_needs();
    if (keys_.refresh_keys.empty()) {
      keys_.refresh_keys.push_back({generate_refresh_key(random_), now_, std::nullopt});
      is_changed_ = true;
    }
    if (!policy_.algorithm) {
      leave_signing_to_the_operator();
      return {};
    }
    return settle_signing_keys();
  }

  ServerKey* find(KeyState state) {
    const auto found = std::ranges::find(keys_.signing_keys, state, &ServerKey::state);
    return found == keys_.signing_keys.end() ? nullptr : &*found;
  }

  void remove(std::string_view key_id, std::string_view reason) {
    note(EventType::kKeyRemoved, std::string(key_id).append(reason));
    std::erase_if(keys_.signing_keys, [&](const ServerKey& one) { return one.key.key_id() == key_id; });
  }

  void remove_all() {
    for (const ServerKey& key : keys_.signing_keys) note(EventType::kKeyRemoved, key.key.key_id());
    keys_.signing_keys.clear();
    note(EventType::kKeyRemoved, "the keys of refresh tokens");
    keys_.refresh_keys.clear();
  }

  bool is_changed() const { return is_changed_; }
  KeyChange finish() && {
    std::ranges::stable_sort(keys_.signing_keys, {}, &ServerKey::state);
    assert(is_sound(keys_));
    return {std::move(keys_), std::move(notices_)};
  }
  std::vector<KeyNotice>& notices() { return notices_; }

 private:
  void note(EventType type, std::string detail) {
    notices_.push_back({type, std::move(detail)});
    is_changed_ = true;
  }

  void drop_what_nobody_needs() {
    for (std::size_t i = keys_.signing_keys.size(); i-- > 0;) {
      const ServerKey& key = keys_.signing_keys[i];
      if (key.state == KeyState::kRetired && removal_time(key, policy_) <= now_)
        remove(std::string(key.key.key_id()), ", whose tokens have expired");
    }
    is_changed_ |= std::erase_if(keys_.refresh_keys, [&](const RefreshKey& key) {
                     return key.retired_at && *key.retired_at + policy_.refresh_lifetime <= now_;
                   }) > 0;
  }

  void leave_signing_to_the_operator() {
    if (ServerKey* const active = find(KeyState::kActive)) retire(*active);
    drop_next();
  }

  Result<void> settle_signing_keys() {
    if (const ServerKey* next = find(KeyState::kNext); next != nullptr && next->key.algorithm() != *policy_.algorithm)
      drop_next();
    if (find(KeyState::kActive) == nullptr) {
      if (auto made = make_next(); !made) return made;
      activate(*find(KeyState::kNext));
    }
    if (auto made = make_next(); !made) return made;
    if (const auto due = activation_time(keys_, policy_); due && *due <= now_ && keys_.signing_keys.size() < kMaxServerKeys) {
      retire(*find(KeyState::kActive));
      activate(*find(KeyState::kNext));
      exchange_refresh_key();
      return make_next();
    }
    return {};
  }

  void drop_next() {
    is_changed_ |= std::erase_if(keys_.signing_keys, [](const auto& key) { return key.state == KeyState::kNext; }) > 0;
  }

  // Where there is none.
  Result<void> make_next() {
    if (find(KeyState::kNext) != nullptr) return {};
    if (keys_.signing_keys.size() >= kMaxServerKeys) {
      return fail(ErrorCode::kTooManyAttempts, "too many retired keys wait for their tokens to expire");
    }
    auto key = SigningKey::generate(*policy_.algorithm, random_);
    if (!key) return Unexpected(std::move(key).error());
    keys_.signing_keys.insert(keys_.signing_keys.begin(), {std::move(*key), KeyState::kNext, now_, std::nullopt, std::nullopt});
    is_changed_ = true;
    return {};
  }

  void activate(ServerKey& next) {
    next.state = KeyState::kActive;
    next.active_at = now_;
    note(EventType::kKeyRotated, next.key.key_id());
  }

  void retire(ServerKey& active) {
    active.state = KeyState::kRetired;
    active.retired_at = now_;
    is_changed_ = true;
  }

  // Unless tokens of the one before are still about: then this one stays for another turn.
  void exchange_refresh_key() {
    if (keys_.refresh_keys.size() == kMaxRefreshKeys) return;
    keys_.refresh_keys.front().retired_at = now_;
    keys_.refresh_keys.insert(keys_.refresh_keys.begin(), {generate_refresh_key(random_), now_, std::nullopt});
  }

  ServerKeys keys_;
  const KeyPolicy& policy_;
  const WallTime now_;
  Random& random_;
  std::vector<KeyNotice> notices_;
  bool is_changed_ = false;
};

std::chrono::seconds until_one_is_removed(const ServerKeys& keys, const KeyPolicy& policy, WallTime now) {
  std::chrono::seconds soonest = policy.token_lifetime + kSigningMargin;
  for (const ServerKey& key : keys.signing_keys) {
    if (key.state != KeyState::kRetired) continue;
    soonest = std::min(soonest, std::chrono::ceil<std::chrono::seconds>(removal_time(key, policy) - now));
  }
  return std::max(soonest, std::chrono::seconds(1));
}

}  // namespace

WallTime removal_time(const ServerKey& key, const KeyPolicy& policy) {
  assert(key.state == KeyState::kRetired);
  return *key.retired_at + policy.token_lifetime + kSigningMargin;
}

std::optional<WallTime> activation_time(const ServerKeys& keys, const KeyPolicy& policy) {
  const ServerKey* const next = find_key(keys, KeyState::kNext);
  const ServerKey* const active = find_key(keys, KeyState::kActive);
  if (next == nullptr || active == nullptr) return std::nullopt;
  const WallTime published_long_enough = next->published_at + policy.publish_ahead;
  std::optional<WallTime> time = next->active_at;
  const auto consider = [&](WallTime other) { time = time ? std::min(*time, other) : other; };
  if (active->key.algorithm() != next->key.algorithm()) consider(published_long_enough);
  if (policy.rotate_every.count() > 0) consider(std::max(*active->active_at + policy.rotate_every, published_long_enough));
  return time;
}

Result<std::optional<KeyChange>> settle_keys(const ServerKeys& keys, const KeyPolicy& policy, WallTime now, Random& random) {
  Work work(keys, policy, now, random);
  if (auto settled = work.settle(); !settled) return Unexpected(std::move(settled).error());
  if (!work.is_changed()) return std::optional<KeyChange>();
  return std::optional(std::move(work).finish());
}

Result<std::optional<KeyChange>> rotate_keys(const ServerKeys& keys, const KeyPolicy& policy, RotationPace pace, WallTime now,
                                             Random& random) {
  if (!policy.algorithm) {
    return fail(ErrorCode::kInvalidRequest, "the secret of token.secret_file signs: it is changed there, not here");
  }
  Work work(keys, policy, now, random);
  ServerKey& next = *work.find(KeyState::kNext);
  const WallTime wanted = pace == RotationPace::kAtOnce ? now : std::max(now, next.published_at + policy.publish_ahead);
  if (const auto planned = activation_time(keys, policy); planned && *planned <= wanted && wanted > now) {
    return std::optional<KeyChange>();
  }
  next.active_at = wanted;
  const std::string next_id = next.key.key_id();
  if (auto settled = work.settle(); !settled) return Unexpected(std::move(settled).error());
  if (work.find(KeyState::kNext)->key.key_id() != next_id) return std::optional(std::move(work).finish());
  if (wanted <= now) {
    return Unexpected(Error{ErrorCode::kTooManyAttempts, "too many retired keys wait for their tokens to expire",
                            until_one_is_removed(keys, policy, now)});
  }
  work.notices().push_back({EventType::kKeyRotated, next_id + " asked for, once it has been published for long enough"});
  return std::optional(std::move(work).finish());
}

Result<KeyChange> remove_key(const ServerKeys& keys, const KeyPolicy& policy, std::string_view key_id, WallTime now,
                             Random& random) {
  const auto has_id = [&](const ServerKey& one) { return one.key.key_id() == key_id; };
  const auto found = std::ranges::find_if(keys.signing_keys, has_id);
  if (found == keys.signing_keys.end()) return fail(ErrorCode::kNotFound, "no such key");
  Work work(keys, policy, now, random);
  work.remove(key_id, {});
  if (auto settled = work.settle(); !settled) return Unexpected(std::move(settled).error());
  return std::move(work).finish();
}

Result<KeyChange> remove_all_keys(const ServerKeys& keys, const KeyPolicy& policy, WallTime now, Random& random) {
  Work work(keys, policy, now, random);
  work.remove_all();
  if (auto settled = work.settle(); !settled) return Unexpected(std::move(settled).error());
  return std::move(work).finish();
}

}  // namespace rescind
