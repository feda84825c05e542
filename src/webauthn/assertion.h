// The authentication ceremony, relying party's side (W3C WebAuthn Level 3 section 7.2): an authenticator says that its user
// signs in.
#ifndef RESCIND_WEBAUTHN_ASSERTION_H_
#define RESCIND_WEBAUTHN_ASSERTION_H_

#include <cstdint>
#include <vector>

#include "base/ids.h"
#include "domain/passkey.h"
#include "domain/passkey_challenge.h"
#include "rescind/result.h"
#include "webauthn/authenticator_data.h"
#include "webauthn/relying_party.h"
#include "webauthn/response_json.h"
#include "webauthn/webauthn_error.h"

namespace rescind {

// What was asked for: see request_options().
struct AssertionRequest {
  PasskeyChallenge challenge;  // that the store has consumed for this ceremony and user
  UserVerification user_verification = UserVerification::kRequired;
  std::vector<Passkey> allowed;  // empty: any passkey, and its user handle says who signs in
};

// What the store is to remember with the passkey.
struct Assertion {
  std::uint32_t sign_count = 0;
  BackupState backup_state = BackupState::kNotBackedUp;
  bool user_verified = false;
};

// `passkey` is the one that the store has under response.id, and `owner` the user whose it is. Pure, thread-safe. What is left
// to the caller: the challenge is good for one use.
//
// The counter must have grown, unless it was and is 0. kCounterRegressed comes last, and so only for an answer that is
// otherwise good: two devices hold the key, or an answer was overtaken by a later one.
//
// Any WebauthnError but those of attestation.
Result<Assertion, WebauthnError> check_assertion(const RelyingParty& relying_party, const AssertionRequest& request,
                                                 const Passkey& passkey, const UserId& owner,
                                                 const AuthenticationResponse& response);

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_ASSERTION_H_
