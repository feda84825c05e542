// A user: somebody who can have sessions.
#ifndef RESCIND_DOMAIN_USER_H_
#define RESCIND_DOMAIN_USER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace rescind {

// A block refuses log-in and refresh, and everything in between, from the moment it is set until `until`.
struct Block {
  std::optional<WallTime> until;  // absent: until it is lifted
  std::string reason;             // for people, at most kMaxBlockReasonBytes; may be empty
  bool operator==(const Block&) const = default;
};

// What is known of an e-mail address: that it is its user's, or nothing.
enum class EmailState : std::uint8_t { kUnverified, kVerified };

inline constexpr std::size_t kMaxBlockReasonBytes = 200;

struct User {
  UserId id;
  std::string email;          // as the user wrote it; empty for a user of "bring your own login"
  std::string name;           // may be empty
  std::string password_hash;  // argon2id or bcrypt; empty where no password can sign in
  std::int64_t token_version = 1;
  std::vector<std::string> roles;
  WallTime created_at;
  std::optional<WallTime> email_verified_at = std::nullopt;
  std::optional<Block> block = std::nullopt;  // may be over; see is_blocked()
  bool operator==(const User&) const = default;
};

// Then the last passkey is the only way in. A user of "bring your own login" comes in by the application.
inline bool signs_in_by_passkey_only(const User& user) { return user.password_hash.empty() && !user.email.empty(); }

inline bool is_blocked(const User& user, WallTime now) {
  return user.block && (!user.block->until || now < *user.block->until);
}

}  // namespace rescind

#endif  // RESCIND_DOMAIN_USER_H_
