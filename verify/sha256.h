// SHA-256 without a fetch and without an allocation per call (both cost more than hashing a short text).
#ifndef RESCIND_VERIFY_SHA256_H_
#define RESCIND_VERIFY_SHA256_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace rescind {

using Sha256Digest = std::array<std::uint8_t, 32>;

// The digest of the concatenation of `pieces`. Thread-safe.
Sha256Digest sha256(std::initializer_list<std::string_view> pieces);

inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace rescind

#endif  // RESCIND_VERIFY_SHA256_H_
