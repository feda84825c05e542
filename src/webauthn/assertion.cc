#include "webauthn/assertion.h"

#include <algorithm>
#include <string>

#include "verify/sha256.h"
#include "webauthn/client_data.h"
#include "webauthn/cose_key.h"
#include "webauthn/user_handle.h"

namespace rescind {
namespace {

Result<void, WebauthnError> check_who(const AssertionRequest& request, const Passkey& passkey, const UserId& owner,
                                      const AuthenticationResponse& response) {
  const bool is_allowed =
      request.allowed.empty() || std::ranges::find(request.allowed, response.id, &Passkey::id) != request.allowed.end();
  if (response.id != passkey.id || !is_allowed) return Unexpected(WebauthnError::kCredentialMismatch);
  const bool is_named = response.user_handle.has_value();
  if (!is_named && request.allowed.empty()) return Unexpected(WebauthnError::kUserMismatch);
  if (is_named && !std::ranges::equal(*response.user_handle, user_handle_of(owner))) {
    return Unexpected(WebauthnError::kUserMismatch);
  }
  return {};
}

Result<void, WebauthnError> check_signature(const Passkey& passkey, const AuthenticationResponse& response) {
  const auto key = CoseKey::parse(passkey.public_key);
  if (!key) return Unexpected(key.error());
  std::string message(as_text(response.authenticator_data));
  message += as_text(sha256({response.client_data_json}));
  if (!key->verify(message, response.signature)) return Unexpected(WebauthnError::kInvalidSignature);
  return {};
}

bool is_counter_good(std::uint32_t stored, std::uint32_t presented) {
  return presented > stored || (presented == 0 && stored == 0);
}

}  // namespace

Result<Assertion, WebauthnError> check_assertion(const RelyingParty& relying_party, const AssertionRequest& request,
                                                 const Passkey& passkey, const UserId& owner,
                                                 const AuthenticationResponse& response) {
  if (const auto who = check_who(request, passkey, owner, response); !who) return Unexpected(who.error());
  const auto client_data =
      check_client_data(response.client_data_json, PasskeyCeremony::kSignIn, request.challenge, relying_party);
  if (!client_data) return Unexpected(client_data.error());
  const auto data = parse_authenticator_data(response.authenticator_data);
  if (!data) return Unexpected(data.error());
  if (data->credential) return Unexpected(WebauthnError::kMalformedAuthenticatorData);  // nothing is made here
  const auto checked = check_authenticator_data(*data, relying_party, request.user_verification);
  if (!checked) return Unexpected(checked.error());
  if (const auto signature = check_signature(passkey, response); !signature) return Unexpected(signature.error());
  if (backup_eligibility_of(*data) != passkey.backup_eligibility) return Unexpected(WebauthnError::kBackupEligibilityChanged);
  if (!is_counter_good(passkey.sign_count, data->sign_count)) return Unexpected(WebauthnError::kCounterRegressed);
  return Assertion{data->sign_count, backup_state_of(*data), data->has(AuthenticatorFlag::kUserVerified)};
}

}  // namespace rescind
