// The registration ceremony, relying party's side (W3C WebAuthn Level 3 section 7.1): an authenticator made a passkey for us.
#ifndef RESCIND_WEBAUTHN_REGISTRATION_H_
#define RESCIND_WEBAUTHN_REGISTRATION_H_

#include <vector>

#include "domain/passkey.h"
#include "domain/passkey_challenge.h"
#include "rescind/algorithm.h"
#include "rescind/result.h"
#include "webauthn/authenticator_data.h"
#include "webauthn/relying_party.h"
#include "webauthn/response_json.h"
#include "webauthn/webauthn_error.h"

namespace rescind {

// What was asked for: see creation_options().
struct RegistrationRequest {
  PasskeyChallenge challenge;  // that the store has consumed for this ceremony and user
  UserVerification user_verification = UserVerification::kRequired;
  std::vector<Algorithm> algorithms;
};

struct Registration {
  Passkey passkey;
  bool user_verified = false;
};

// Pure, thread-safe. What is left to the caller: the challenge is good for one use, and no two passkeys, of whatever users,
// share an id.
//
// Any WebauthnError but kCounterRegressed, kBackupEligibilityChanged, kUserMismatch and kInvalidSignature.
Result<Registration, WebauthnError> check_registration(const RelyingParty& relying_party, const RegistrationRequest& request,
                                                       const RegistrationResponse& response);

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_REGISTRATION_H_
