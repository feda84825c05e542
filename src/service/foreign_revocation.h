// Revocations of another issuer's tokens. The store knows none of its users and sessions: only what is refused, and for how
// long a token that exists now could be accepted by that issuer's max_lifetime.
#ifndef RESCIND_SERVICE_FOREIGN_REVOCATION_H_
#define RESCIND_SERVICE_FOREIGN_REVOCATION_H_

#include <chrono>
#include <string_view>

#include "rescind/foreign_token.h"
#include "store/store.h"

namespace rescind {

// What an issuer's tokens can be at `now`: none that is accepted has a later `iat` than now + leeway.
struct ForeignTerms {
  const ForeignPolicy& issuer;
  std::chrono::sys_seconds now;
  std::chrono::seconds leeway;
};

// `token_id`: the `jti`, or the id that the token's payload gives it. `expires_at` is that of a token that was seen.
RevocationDraft foreign_token_revocation(const ForeignPolicy& issuer, std::string_view token_id,
                                         std::chrono::sys_seconds expires_at);
// The same, by the id alone: as long as any token could live.
RevocationDraft foreign_token_revocation(const ForeignTerms& terms, std::string_view token_id);

// Tokens of the session that exist now, and those that the issuer goes on making while the revocation lasts.
RevocationDraft foreign_session_revocation(const ForeignTerms& terms, std::string_view session_id);

// Every token of the user that is or could be accepted now. There is no token version: what was issued by a clock that is
// ahead by the leeway is out as well, and so is what is issued in the leeway after `now`.
RevocationDraft foreign_user_revocation(const ForeignTerms& terms, std::string_view subject);

// `key` from before_*_key() with the issuer's `iss`.
RevocationDraft foreign_before_revocation(const ForeignPolicy& issuer, RevocationKey key, std::chrono::sys_seconds before);

}  // namespace rescind

#endif  // RESCIND_SERVICE_FOREIGN_REVOCATION_H_
