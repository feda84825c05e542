// HMAC-SHA256 (RFC 2104).
#ifndef RESCIND_TOKEN_HMAC_H_
#define RESCIND_TOKEN_HMAC_H_

#include <openssl/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace rescind {

using HmacTag = std::array<std::uint8_t, 32>;

// One key, prepared once: what a key costs is more than the MAC of a token.
// Ends the process where OpenSSL has no HMAC or no memory: there is nothing safe to go on with.
//
// Thread-safety: immutable.
class HmacKey {
 public:
  explicit HmacKey(std::span<const std::uint8_t> key);
  HmacTag authenticate(std::span<const std::uint8_t> data) const;

 private:
  struct Free {
    void operator()(EVP_MAC_CTX* context) const;
  };
  std::unique_ptr<EVP_MAC_CTX, Free> prepared_;  // each MAC begins with a copy of it
};

// With a key that is used once.
HmacTag hmac_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> data);

}  // namespace rescind

#endif  // RESCIND_TOKEN_HMAC_H_
