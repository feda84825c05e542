// HMAC-SHA256 (RFC 2104).
#ifndef RESCIND_TOKEN_HMAC_H_
#define RESCIND_TOKEN_HMAC_H_

#include <array>
#include <cstdint>
#include <span>

namespace rescind {

using HmacTag = std::array<std::uint8_t, 32>;

// Ends the process where OpenSSL has no HMAC or no memory: there is nothing safe to go on with.
//
// Thread-safety: any thread may call it.
HmacTag hmac_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> data);

}  // namespace rescind

#endif  // RESCIND_TOKEN_HMAC_H_
