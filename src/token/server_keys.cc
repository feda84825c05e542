#include "token/server_keys.h"

#include <algorithm>

#include "token/refresh_token.h"

namespace rescind {
namespace {

bool has_the_times_of_its_state(const ServerKey& key) {
  switch (key.state) {
    case KeyState::kNext: return !key.retired_at;
    case KeyState::kActive: return key.active_at && !key.retired_at;
    case KeyState::kRetired: return key.active_at && key.retired_at;
  }
  return false;
}

bool is_sound(const std::vector<RefreshKey>& keys) {
  if (keys.empty() || keys.size() > kMaxRefreshKeys) return false;
  return std::ranges::all_of(keys, [&](const RefreshKey& key) {
    return key.key.size() == kRefreshKeyBytes && key.retired_at.has_value() == (&key != &keys.front());
  });
}

}  // namespace

std::string_view to_string(KeyState state) {
  switch (state) {
    case KeyState::kNext: return "next";
    case KeyState::kActive: return "active";
    case KeyState::kRetired: return "retired";
  }
  return "";
}

const ServerKey* find_key(const ServerKeys& keys, KeyState state) {
  const auto found = std::ranges::find(keys.signing_keys, state, &ServerKey::state);
  return found == keys.signing_keys.end() ? nullptr : &*found;
}

bool is_sound(const ServerKeys& keys) {
  const auto& signing = keys.signing_keys;
  return is_sound(keys.refresh_keys) && signing.size() <= kMaxServerKeys &&
         std::ranges::count(signing, KeyState::kNext, &ServerKey::state) <= 1 &&
         std::ranges::count(signing, KeyState::kActive, &ServerKey::state) <= 1 &&
         std::ranges::all_of(signing, has_the_times_of_its_state);
}

}  // namespace rescind
