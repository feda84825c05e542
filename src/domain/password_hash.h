// A stored password hash: argon2id in the PHC string format, `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`.
#ifndef RESCIND_DOMAIN_PASSWORD_HASH_H_
#define RESCIND_DOMAIN_PASSWORD_HASH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rescind {

struct Argon2Cost {
  std::uint32_t memory_kib = 0;
  std::uint32_t iterations = 0;
  std::uint32_t parallelism = 0;
  bool operator==(const Argon2Cost&) const = default;
};

// Bounds on what a row of the store may ask this server to do: one bad row must not take it down.
inline constexpr std::uint32_t kMaxArgon2MemoryKib = 1024 * 1024;
inline constexpr std::uint32_t kMaxArgon2Iterations = 16;
inline constexpr std::uint32_t kMaxArgon2Parallelism = 16;
inline constexpr std::uint64_t kMaxArgon2Work = 4 * 1024 * 1024;  // memory in KiB × iterations
inline constexpr std::size_t kMinArgon2SaltBytes = 8;
inline constexpr std::size_t kMaxArgon2SaltBytes = 64;
inline constexpr std::size_t kMinArgon2TagBytes = 16;
inline constexpr std::size_t kMaxArgon2TagBytes = 64;
inline constexpr std::size_t kMaxPhcBytes = 256;  // of any hash that is stored

// At least 1 iteration, 1 lane and 8 KiB a lane (RFC 9106 section 3.1), and within the bounds above.
bool is_sane(const Argon2Cost& cost);

struct PasswordHash {
  Argon2Cost cost;
  std::vector<std::uint8_t> salt;
  std::vector<std::uint8_t> tag;
};

// Strict: argon2id of version 19, m, t and p in this order as decimal numbers without leading zeros, salt and tag as
// canonical base64 without padding, everything within the bounds above. So there is one text for each hash.
std::optional<PasswordHash> parse_password_hash(std::string_view phc);

// Precondition: is_sane(hash.cost), and salt and tag are within bounds.
std::string format_password_hash(const PasswordHash& hash);

}  // namespace rescind

#endif  // RESCIND_DOMAIN_PASSWORD_HASH_H_
