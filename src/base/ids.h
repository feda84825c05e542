// Identifiers as distinct types: a SessionId cannot be handed to something that wants a TokenId.
#ifndef RESCIND_BASE_IDS_H_
#define RESCIND_BASE_IDS_H_

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "rescind/base64url.h"

namespace rescind {

// 128 random bits made by the server; as text 22 characters of base64url.
template <class Tag>
struct RandomId {
  std::array<std::uint8_t, 16> bytes{};

  static RandomId create(Random& random) {
    RandomId id;
    random.fill(id.bytes);
    return id;
  }
  // Absent where `text` is not the canonical text of 16 bytes.
  static std::optional<RandomId> parse(std::string_view text) {
    if (text.size() != 22) return std::nullopt;
    const auto decoded = base64url_decode(text);
    if (!decoded || decoded->size() != 16) return std::nullopt;
    RandomId id;
    std::copy(decoded->begin(), decoded->end(), id.bytes.begin());
    return id;
  }
  std::string text() const { return base64url_encode(bytes); }
  auto operator<=>(const RandomId&) const = default;
};

using SessionId = RandomId<struct SessionIdTag>;  // the `sid` claim
using TokenId = RandomId<struct TokenIdTag>;      // the `jti` claim
using ChallengeId = RandomId<struct ChallengeIdTag>;
using ApiKeyId = RandomId<struct ApiKeyIdTag>;

// The `sub` claim: 22 characters made by the server, or, for "bring your own login", 1 to 255 bytes of the application's.
struct UserId {
  std::string text;
  auto operator<=>(const UserId&) const = default;
};

inline constexpr std::size_t kMaxUserIdBytes = 255;

}  // namespace rescind

template <class Tag>
struct std::hash<rescind::RandomId<Tag>> {
  // The bytes are random already.
  std::size_t operator()(const rescind::RandomId<Tag>& id) const noexcept {
    std::size_t value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8 | id.bytes[i];
    return value;
  }
};

#endif  // RESCIND_BASE_IDS_H_
