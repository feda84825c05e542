// A password hash that was brought along from another system: bcrypt, `$2b$10$salt and tag`. Read, never made.
#ifndef RESCIND_DOMAIN_BCRYPT_HASH_H_
#define RESCIND_DOMAIN_BCRYPT_HASH_H_

#include <cstddef>
#include <string_view>

namespace rescind {

// The logarithm of the rounds. Each step more takes twice as long; 14 is about a second.
inline constexpr unsigned kMinBcryptCost = 4;
inline constexpr unsigned kMaxBcryptCost = 14;

// bcrypt looks at no more of a password.
inline constexpr std::size_t kMaxBcryptPasswordBytes = 72;

// $2a$, $2b$ or $2y$, a cost of two digits within the bounds above, 22 characters of salt and 31 of tag, both in the one
// spelling that encoders write.
bool is_bcrypt_hash(std::string_view text);

}  // namespace rescind

#endif  // RESCIND_DOMAIN_BCRYPT_HASH_H_
