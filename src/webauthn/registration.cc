#include "webauthn/registration.h"

#include <algorithm>

#include "webauthn/attestation_object.h"
#include "webauthn/client_data.h"
#include "webauthn/cose_key.h"

namespace rescind {
namespace {

Result<void, WebauthnError> check_key(const RegistrationRequest& request, const AttestedCredential& credential) {
  const auto key = CoseKey::parse(credential.public_key);
  if (!key) return Unexpected(key.error());
  if (std::ranges::find(request.algorithms, key->algorithm()) == request.algorithms.end()) {
    return Unexpected(WebauthnError::kUnsupportedAlgorithm);
  }
  return {};
}

Passkey passkey_of(const AuthenticatorData& data, const RegistrationResponse& response) {
  const AttestedCredential& credential = *data.credential;
  Passkey passkey;
  passkey.id = response.id;
  passkey.public_key.assign(credential.public_key.begin(), credential.public_key.end());
  passkey.sign_count = data.sign_count;
  passkey.backup_eligibility = backup_eligibility_of(data);
  passkey.backup_state = backup_state_of(data);
  passkey.transports = response.transports;
  passkey.aaguid = credential.aaguid;
  return passkey;
}

}  // namespace

Result<Registration, WebauthnError> check_registration(const RelyingParty& relying_party, const RegistrationRequest& request,
                                                       const RegistrationResponse& response) {
  const auto client_data =
      check_client_data(response.client_data_json, PasskeyCeremony::kRegistration, request.challenge, relying_party);
  if (!client_data) return Unexpected(client_data.error());
  const auto attestation = parse_attestation_object(response.attestation_object);
  if (!attestation) return Unexpected(attestation.error());
  const auto data = parse_authenticator_data(attestation->authenticator_data);
  if (!data) return Unexpected(data.error());
  const auto checked = check_authenticator_data(*data, relying_party, request.user_verification);
  if (!checked) return Unexpected(checked.error());
  if (!data->credential) return Unexpected(WebauthnError::kMalformedAuthenticatorData);
  if (!std::ranges::equal(data->credential->id, response.id)) return Unexpected(WebauthnError::kCredentialMismatch);
  const auto key = check_key(request, *data->credential);
  if (!key) return Unexpected(key.error());
  return Registration{passkey_of(*data, response), data->has(AuthenticatorFlag::kUserVerified)};
}

}  // namespace rescind
