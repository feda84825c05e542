// What a page sends after navigator.credentials.create() or .get(): PublicKeyCredential.toJSON() (W3C WebAuthn Level 3
// section 5.1), as RegistrationResponseJSON and AuthenticationResponseJSON.
#ifndef RESCIND_WEBAUTHN_RESPONSE_JSON_H_
#define RESCIND_WEBAUTHN_RESPONSE_JSON_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rescind/result.h"
#include "webauthn/webauthn_error.h"

namespace rescind {

struct RegistrationResponse {
  std::vector<std::uint8_t> id;  // of the credential
  std::string client_data_json;
  std::vector<std::uint8_t> attestation_object;
  std::vector<std::string> transports;
};

struct AuthenticationResponse {
  std::vector<std::uint8_t> id;
  std::string client_data_json;
  std::vector<std::uint8_t> authenticator_data;
  std::vector<std::uint8_t> signature;
  std::optional<std::vector<std::uint8_t>> user_handle;
};

inline constexpr std::size_t kMaxResponseJsonBytes = 64 * 1024;
inline constexpr std::size_t kMaxSignatureBytes = 1024;  // RSA of 8,192 bits
inline constexpr std::size_t kMaxUserHandleBytes = 64;
inline constexpr std::size_t kMaxTransports = 8;

// kMalformedResponse where it is not strict JSON, a member that is needed is missing, empty, too long or not canonical
// base64url, `id` and `rawId` differ, or `type` is not "public-key". Members that nobody here needs (publicKey,
// clientExtensionResults, authenticatorAttachment, …) are passed over: what they say is not signed.
Result<RegistrationResponse, WebauthnError> parse_registration_response(std::string_view json);
Result<AuthenticationResponse, WebauthnError> parse_authentication_response(std::string_view json);

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_RESPONSE_JSON_H_
