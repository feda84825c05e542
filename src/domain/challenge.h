// A challenge: something that may be answered once, within a short time, for one purpose and, mostly, by one user. The link
// of a password reset is one, the links that verify or change an e-mail address, and the random bytes that a passkey signs.
#ifndef RESCIND_DOMAIN_CHALLENGE_H_
#define RESCIND_DOMAIN_CHALLENGE_H_

#include <array>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/ids.h"

namespace rescind {

enum class ChallengePurpose : std::uint8_t {
  kResetPassword = 1,
  kVerifyEmail = 2,
  kRegisterPasskey = 3,
  kPasskeyLogIn = 4,
  kPasskeySignUp = 5,
  kChangeEmail = 6,
};
inline constexpr ChallengePurpose kLastChallengePurpose = ChallengePurpose::kChangeEmail;

struct Challenge {
  ChallengeId id;
  ChallengePurpose purpose = ChallengePurpose::kResetPassword;
  std::optional<UserId> user;      // absent where nobody knows yet who it will be, as at a log-in with a passkey
  std::int64_t token_version = 0;  // of the user when it was made: raising it voids the challenge; 0 without a user
  // SHA-256 of the secret that answers it: who reads the store can answer none.
  std::array<std::uint8_t, 32> secret_digest{};
  WallTime expires_at;
  bool operator==(const Challenge&) const = default;
};

// Of one user and purpose; a newer one drives the oldest out.
inline constexpr std::size_t kMaxChallengesPerUser = 5;

}  // namespace rescind

#endif  // RESCIND_DOMAIN_CHALLENGE_H_
