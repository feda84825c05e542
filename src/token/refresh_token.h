// Refresh tokens: `rt1.` + base64url(sid ‖ generation ‖ HMAC-SHA256(key, "rescind-refresh-v1" ‖ sid ‖ generation)).
//
// Opaque to clients. sid is 16 bytes, generation 8 bytes big-endian, the MAC 32 bytes. A function of session and generation
// alone, so the same successor can be given again and the store keeps no secret and no row per token.
#ifndef RESCIND_TOKEN_REFRESH_TOKEN_H_
#define RESCIND_TOKEN_REFRESH_TOKEN_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ids.h"
#include "base/secret.h"
#include "verify/hmac_sha256.h"

namespace rescind {

inline constexpr std::size_t kRefreshKeyBytes = 32;

struct RefreshTokenContent {
  SessionId session;
  std::uint64_t generation = 0;
};

// Thread-safety: immutable.
class RefreshTokenCodec {
 public:
  // `previous`: the key that made the tokens before, where they may be alive; its tokens are taken, too.
  // Precondition: every key has kRefreshKeyBytes.
  explicit RefreshTokenCodec(const Secret& key, const Secret* previous = nullptr);

  Secret encode(const RefreshTokenContent& content) const;

  // Absent where the text is not of that form or its MAC is not ours. In constant time: with both keys, whichever it is.
  std::optional<RefreshTokenContent> decode(std::string_view token) const;

 private:
  HmacSha256 key_;
  std::optional<HmacSha256> previous_;
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_REFRESH_TOKEN_H_
