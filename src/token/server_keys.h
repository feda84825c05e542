// The keys that the server makes for itself, each with the times of its life.
//
// A signing key is first *next*: published, so that verifiers have it before any token names it; then *active*: the one that
// signs; then *retired*: it verifies until the last token that it signed has expired, and is gone. Except where an operator's
// secret signs there is always a next key, so that a rotation, an emergency's too, goes to a key that is known everywhere.
#ifndef RESCIND_TOKEN_SERVER_KEYS_H_
#define RESCIND_TOKEN_SERVER_KEYS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "token/signing_key.h"

namespace rescind {

enum class KeyState : std::uint8_t { kActive, kNext, kRetired };  // in the order in which keys are listed
std::string_view to_string(KeyState state);                       // "next", …

struct ServerKey {
  SigningKey key;
  KeyState state = KeyState::kNext;
  WallTime published_at;
  std::optional<WallTime> active_at;   // since when it has signed; of a next key: when it shall, where somebody has asked
  std::optional<WallTime> retired_at;  // retired ones only
};

// The HMAC key of refresh tokens (token/refresh_token.h).
struct RefreshKey {
  Secret key;
  WallTime made_at;
  std::optional<WallTime> retired_at;  // the second one only
};

inline constexpr std::size_t kMaxServerKeys = 32;
inline constexpr std::size_t kMaxRefreshKeys = 2;  // the current one, and the one before while tokens of it may be alive

struct ServerKeys {
  std::vector<RefreshKey> refresh_keys;  // newest first
  std::vector<ServerKey> signing_keys;   // at most one active one, at most one next, retired ones newest first
};

// Null where there is none.
const ServerKey* find_key(const ServerKeys& keys, KeyState state);

// Whether it is what settle_keys() of token/key_life.h makes: sizes within the bounds, no two next or active keys, the times
// that each state has, and a current refresh key.
bool is_sound(const ServerKeys& keys);

}  // namespace rescind

#endif  // RESCIND_TOKEN_SERVER_KEYS_H_
