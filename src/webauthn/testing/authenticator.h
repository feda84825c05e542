// For tests only: an authenticator and the browser in front of it. Whatever it says can be changed before it is signed.
#ifndef RESCIND_WEBAUTHN_TESTING_AUTHENTICATOR_H_
#define RESCIND_WEBAUTHN_TESTING_AUTHENTICATOR_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "domain/passkey_challenge.h"
#include "rescind/algorithm.h"
#include "verify/testing/token_maker.h"
#include "webauthn/response_json.h"

namespace rescind::testing {

inline constexpr std::string_view kRpId = "example.org";
inline constexpr std::string_view kOrigin = "https://example.org";

// clientDataJSON, to be changed member by member. A value is JSON text.
class ClientDataText {
 public:
  ClientDataText(PasskeyCeremony ceremony, const PasskeyChallenge& challenge, std::string_view origin = kOrigin);
  ClientDataText& set(std::string name, std::string json);
  ClientDataText& remove(const std::string& name);
  std::string text() const;

 private:
  std::map<std::string, std::string> members_;
};

// Authenticator data, to be changed field by field. The flags are written as they are, whatever follows.
struct AuthenticatorDataText {
  std::string rp_id = std::string(kRpId);
  std::uint8_t flags = 0;
  std::uint32_t sign_count = 0;
  std::string credential;  // see TestAuthenticator::credential(); empty in an assertion
  std::string extensions;  // CBOR

  std::string text() const;
};

// aaguid (16 bytes), the id with its length in front, the COSE_Key.
std::string attested_credential(std::string_view aaguid, std::string_view id, std::string_view cose_key);
std::string attestation_object(std::string_view format, std::string_view statement_cbor, std::string_view authenticator_data);

// Holds one credential. Any failure inside aborts.
class TestAuthenticator {
 public:
  explicit TestAuthenticator(Algorithm algorithm = Algorithm::kEs256, std::string id = "credential-id-16");

  const std::string& id() const { return id_; }
  std::string cose_key() const;
  std::string credential() const { return attested_credential("aaguid-aaguid-16", id_, cose_key()); }
  // As WebAuthn has it: DER for ES256.
  std::string sign(std::string_view message) const;

  // User present and verified, eligible for backup and backed up, counter 1 or 2.
  AuthenticatorDataText registration_data() const;
  AuthenticatorDataText assertion_data() const;

  RegistrationResponse make_registration(const std::string& client_data, const std::string& authenticator_data) const;
  AuthenticationResponse make_assertion(const std::string& client_data, const std::string& authenticator_data,
                                        const std::optional<UserId>& user) const;

  // All as it should be.
  RegistrationResponse make_registration(const PasskeyChallenge& challenge, std::string_view origin = kOrigin) const;
  AuthenticationResponse make_assertion(const PasskeyChallenge& challenge, const std::optional<UserId>& user,
                                        std::string_view origin = kOrigin) const;

 private:
  TokenMaker key_;
  std::string id_;
};

// What PublicKeyCredential.toJSON() gives.
std::string to_json(const RegistrationResponse& response);
std::string to_json(const AuthenticationResponse& response);

}  // namespace rescind::testing

#endif  // RESCIND_WEBAUTHN_TESTING_AUTHENTICATOR_H_
