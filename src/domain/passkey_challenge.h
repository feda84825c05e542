// The challenge of a passkey ceremony: what makes each answer of an authenticator good for one use.
#ifndef RESCIND_DOMAIN_PASSKEY_CHALLENGE_H_
#define RESCIND_DOMAIN_PASSKEY_CHALLENGE_H_

#include <array>
#include <cstdint>
#include <string>

#include "base/ids.h"

namespace rescind {

// Its first half is the ChallengeId under which the store remembers purpose, user and expiry (domain/challenge.h), and which
// is used up with the first answer. 256 random bits (W3C WebAuthn Level 3 section 13.4.3 asks for 128 at least). Not secret:
// the browser sees it.
struct PasskeyChallenge {
  std::array<std::uint8_t, 32> bytes{};

  static PasskeyChallenge create(Random& random);
  ChallengeId id() const;
  std::string text() const;  // base64url, 43 characters
  auto operator<=>(const PasskeyChallenge&) const = default;
};

enum class PasskeyCeremony : std::uint8_t { kRegistration = 1, kSignIn = 2 };

}  // namespace rescind

#endif  // RESCIND_DOMAIN_PASSKEY_CHALLENGE_H_
