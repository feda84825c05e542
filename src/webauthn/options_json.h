// What a page hands to PublicKeyCredential.parseCreationOptionsFromJSON() and .parseRequestOptionsFromJSON() (W3C WebAuthn
// Level 3 sections 5.1.8 and 5.1.9).
#ifndef RESCIND_WEBAUTHN_OPTIONS_JSON_H_
#define RESCIND_WEBAUTHN_OPTIONS_JSON_H_

#include <array>
#include <boost/json/object.hpp>
#include <chrono>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "domain/passkey.h"
#include "webauthn/assertion.h"
#include "webauthn/registration.h"
#include "webauthn/relying_party.h"

namespace rescind {

// What we ask for and take, what we like best first.
inline constexpr std::array<Algorithm, 3> kPasskeyAlgorithms{Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256};

struct PasskeyUser {
  UserId id;
  std::string_view name;          // what the user signs in with, such as the e-mail address
  std::string_view display_name;  // empty: the name
};

// PublicKeyCredentialCreationOptionsJSON: a discoverable credential, without attestation. `existing` are the user's passkeys:
// an authenticator that holds one of them makes no second.
//
// Precondition: each of request.algorithms is one of kPasskeyAlgorithms.
boost::json::object creation_options(const RelyingParty& relying_party, const RegistrationRequest& request,
                                     const PasskeyUser& user, const std::vector<Passkey>& existing,
                                     std::chrono::milliseconds timeout);

// PublicKeyCredentialRequestOptionsJSON.
boost::json::object request_options(const RelyingParty& relying_party, const AssertionRequest& request,
                                    std::chrono::milliseconds timeout);

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_OPTIONS_JSON_H_
