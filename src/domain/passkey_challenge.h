// The challenge of a passkey ceremony: what makes each answer of an authenticator good for one use.
#ifndef RESCIND_DOMAIN_PASSKEY_CHALLENGE_H_
#define RESCIND_DOMAIN_PASSKEY_CHALLENGE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"

namespace rescind {

// 256 random bits (W3C WebAuthn Level 3 section 13.4.3 asks for 128 at least). Not secret: the browser sees it.
struct PasskeyChallenge {
  std::array<std::uint8_t, 32> bytes{};

  static PasskeyChallenge create(Random& random);
  std::string text() const;  // base64url, 43 characters
  auto operator<=>(const PasskeyChallenge&) const = default;
};

enum class PasskeyCeremony : std::uint8_t { kRegistration = 1, kSignIn = 2 };

// What the server remembers of a challenge that it gave out. Whoever stores it takes it out in the same step in which it is
// looked up, so that the second of two answers finds nothing.
struct IssuedChallenge {
  PasskeyChallenge challenge;
  PasskeyCeremony ceremony = PasskeyCeremony::kSignIn;
  std::optional<UserId> user;  // whom it was given to; absent where nobody has said yet who signs in
  WallTime expires_at;
};

// Whether it may be answered here: the same ceremony, the same user (or absent, as it was issued), and not expired.
bool is_answerable(const IssuedChallenge& issued, PasskeyCeremony ceremony, const std::optional<UserId>& user, WallTime now);

}  // namespace rescind

#endif  // RESCIND_DOMAIN_PASSKEY_CHALLENGE_H_
