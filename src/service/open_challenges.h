// Passkey challenges for callers whom nobody knows yet: to sign in, and to sign up.
//
// Making one stores nothing, so that nobody fills the store by asking. A challenge carries its expiry and a MAC over purpose,
// expiry, random bytes and what it is bound to; the store hears of it with its first good answer, and remembers it as used
// until it expires (UsePasskey::answered, FirstPasskey::answered). An answer that is not good uses up nothing.
#ifndef RESCIND_SERVICE_OPEN_CHALLENGES_H_
#define RESCIND_SERVICE_OPEN_CHALLENGES_H_

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "domain/challenge.h"
#include "domain/email.h"
#include "domain/passkey_challenge.h"
#include "token/server_keys.h"
#include "verify/hmac_sha256.h"

namespace rescind {

// Thread-safety: immutable.
class OpenChallenges {
 public:
  // The first of `keys` makes challenges; those that any of them has made are good. Precondition: there is one.
  explicit OpenChallenges(std::span<const RefreshKey> keys);

  PasskeyChallenge create(ChallengePurpose purpose, std::string_view bound_to, WallTime expires_at, Random& random) const;

  // What the store is to remember. Absent where it is not of ours, of this purpose and bound to this, or has expired.
  std::optional<Challenge> check(const PasskeyChallenge& challenge, ChallengePurpose purpose, std::string_view bound_to,
                                 WallTime now) const;

 private:
  std::vector<HmacSha256> keys_;
};

// Who signs up with a challenge: an authenticator has to be told before there is a user, and nobody is to remember it
// meanwhile. A hash is enough: nobody but us makes a challenge that is good, and whoever asked for one is told this id.
UserId new_user(const PasskeyChallenge& challenge, const EmailKey& email);

}  // namespace rescind

#endif  // RESCIND_SERVICE_OPEN_CHALLENGES_H_
