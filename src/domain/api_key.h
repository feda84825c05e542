// An API key: how an application or an administrator calls /admin, /oauth2 and /feed.
#ifndef RESCIND_DOMAIN_API_KEY_H_
#define RESCIND_DOMAIN_API_KEY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace rescind {

struct ApiKey {
  ApiKeyId id;
  std::string name;                            // for people, 1 to kMaxApiKeyNameBytes
  std::vector<std::string> scopes;             //
  std::array<std::uint8_t, 32> secret_digest;  // SHA-256; the secret has 256 random bits, so no slow hash is needed
  WallTime created_at;
  std::optional<WallTime> revoked_at;
  bool operator==(const ApiKey&) const = default;
};

inline constexpr std::size_t kMaxApiKeyNameBytes = 100;
inline constexpr std::size_t kMaxApiKeys = 1000;  // that are not revoked

}  // namespace rescind

#endif  // RESCIND_DOMAIN_API_KEY_H_
