// What the use cases of service/passkeys.h share, and the end of every sign-up in service/session_opener.cc.
#ifndef RESCIND_SERVICE_PASSKEY_CEREMONY_H_
#define RESCIND_SERVICE_PASSKEY_CEREMONY_H_

#include <string>
#include <vector>

#include "base/error.h"
#include "domain/passkey.h"
#include "webauthn/webauthn_error.h"

namespace rescind {

// RFC 8176 section 2. A passkey that can be copied to other devices is held by software, one that cannot by the device; its
// user was there, and where verified as well, that is a second factor: what one knows or is. `outcome` is a Registration or an
// Assertion.
template <class Outcome>
std::vector<std::string> methods_of(const Passkey& passkey, const Outcome& outcome) {
  std::vector<std::string> amr{passkey.backup_eligibility == BackupEligibility::kMultiDevice ? "swk" : "hwk", "user"};
  if (outcome.user_verified) amr.emplace_back("mfa");
  return amr;
}

inline Unexpected<Error> invalid_challenge() {
  return fail(ErrorCode::kInvalidChallenge, "the challenge is not good any more; ask for new options");
}

inline Unexpected<Error> no_such_passkey() { return fail(ErrorCode::kNotFound, "no such passkey"); }

inline Unexpected<Error> passkey_taken() { return fail(ErrorCode::kPasskeyTaken, "this passkey is registered already"); }

inline Unexpected<Error> too_many_passkeys() {
  return fail(ErrorCode::kPasskeyLimit, "this account has as many passkeys as it may have");
}

// At a registration nothing is secret from whoever holds the authenticator.
inline Unexpected<Error> passkey_refused(WebauthnError error) {
  return fail(ErrorCode::kInvalidRequest, "the passkey was refused: " + std::string(to_string(error)));
}

}  // namespace rescind

#endif  // RESCIND_SERVICE_PASSKEY_CEREMONY_H_
