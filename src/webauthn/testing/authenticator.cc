#include "webauthn/testing/authenticator.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>

#include "rescind/base64url.h"
#include "verify/sha256.h"
#include "webauthn/testing/cbor_text.h"
#include "webauthn/user_handle.h"

namespace rescind::testing {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::string der_integer(std::string_view scalar) {
  while (scalar.size() > 1 && scalar.front() == '\0') scalar.remove_prefix(1);
  std::string number(scalar);
  if ((number.front() & 0x80) != 0) number.insert(0, 1, '\0');
  return std::string("\x02") + static_cast<char>(number.size()) + number;
}

std::string cose_map(std::int64_t type, std::int64_t algorithm, std::vector<std::pair<std::string, std::string>> parameters) {
  parameters.insert(parameters.begin(), {{cbor_integer(1), cbor_integer(type)}, {cbor_integer(3), cbor_integer(algorithm)}});
  return cbor_map(parameters);
}

}  // namespace

ClientDataText::ClientDataText(PasskeyCeremony ceremony, const PasskeyChallenge& challenge, std::string_view origin) {
  set("type", ceremony == PasskeyCeremony::kRegistration ? R"("webauthn.create")" : R"("webauthn.get")");
  set("challenge", quote(challenge.text()));
  set("origin", quote(origin));
  set("crossOrigin", "false");
}

ClientDataText& ClientDataText::set(std::string name, std::string json) {
  members_[std::move(name)] = std::move(json);
  return *this;
}

ClientDataText& ClientDataText::remove(const std::string& name) {
  members_.erase(name);
  return *this;
}

std::string ClientDataText::text() const {
  std::string text;
  for (const auto& [name, json] : members_) text += (text.empty() ? "{" : ",") + quote(name) + ":" + json;
  return text + "}";
}

std::string AuthenticatorDataText::text() const {
  std::string text(as_text(sha256({rp_id})));
  text += static_cast<char>(flags);
  text += big_endian(sign_count, 4) + credential + extensions;
  return text;
}

std::string attested_credential(std::string_view aaguid, std::string_view id, std::string_view cose_key) {
  return std::string(aaguid) + big_endian(id.size(), 2) + std::string(id) + std::string(cose_key);
}

std::string attestation_object(std::string_view format, std::string_view statement_cbor, std::string_view authenticator_data) {
  return cbor_map({{cbor_text("fmt"), cbor_text(format)},
                   {cbor_text("attStmt"), std::string(statement_cbor)},
                   {cbor_text("authData"), cbor_bytes(authenticator_data)}});
}

TestAuthenticator::TestAuthenticator(Algorithm algorithm, std::string id)
    : key_(TokenMaker::shared(algorithm)), id_(std::move(id)) {}

std::string TestAuthenticator::cose_key() const {
  const std::string numbers = key_.public_numbers();
  const auto parameter = [](std::int64_t label, std::string_view bytes) {
    return std::pair(cbor_integer(label), cbor_bytes(bytes));
  };
  const auto curve = [](std::int64_t number) { return std::pair(cbor_integer(-1), cbor_integer(number)); };
  switch (key_.algorithm()) {
    case Algorithm::kEs256:
      return cose_map(2, -7, {curve(1), parameter(-2, numbers.substr(0, 32)), parameter(-3, numbers.substr(32))});
    case Algorithm::kEdDsa: return cose_map(1, -8, {curve(6), parameter(-2, numbers)});
    case Algorithm::kRs256:
      return cose_map(3, -257, {parameter(-1, numbers), parameter(-2, std::string_view("\x01\x00\x01", 3))});
    case Algorithm::kPs256:
    case Algorithm::kHs256: break;
  }
  std::abort();
}

std::string TestAuthenticator::sign(std::string_view message) const {
  const std::string signature = key_.sign(message);
  if (key_.algorithm() != Algorithm::kEs256) return signature;
  const std::string integers = der_integer(signature.substr(0, 32)) + der_integer(signature.substr(32));
  return std::string("\x30") + static_cast<char>(integers.size()) + integers;
}

AuthenticatorDataText TestAuthenticator::registration_data() const {
  return {.flags = 0x5d, .sign_count = 1, .credential = credential(), .extensions = {}};
}

AuthenticatorDataText TestAuthenticator::assertion_data() const {
  return {.flags = 0x1d, .sign_count = 2, .credential = {}, .extensions = {}};
}

RegistrationResponse TestAuthenticator::make_registration(const std::string& client_data,
                                                          const std::string& authenticator_data) const {
  return {bytes_of(id_),
          client_data,
          bytes_of(attestation_object("none", cbor_map({}), authenticator_data)),
          {"internal", "hybrid"}};
}

AuthenticationResponse TestAuthenticator::make_assertion(const std::string& client_data, const std::string& authenticator_data,
                                                         const std::optional<UserId>& user) const {
  const std::string message = authenticator_data + std::string(as_text(sha256({client_data})));
  std::optional<Bytes> handle;
  if (user) handle = bytes_of(as_text(user_handle_of(*user)));
  return {bytes_of(id_), client_data, bytes_of(authenticator_data), bytes_of(sign(message)), handle};
}

RegistrationResponse TestAuthenticator::make_registration(const PasskeyChallenge& challenge, std::string_view origin) const {
  return make_registration(ClientDataText(PasskeyCeremony::kRegistration, challenge, origin).text(),
                           registration_data().text());
}

AuthenticationResponse TestAuthenticator::make_assertion(const PasskeyChallenge& challenge, const std::optional<UserId>& user,
                                                         std::string_view origin) const {
  return make_assertion(ClientDataText(PasskeyCeremony::kSignIn, challenge, origin).text(), assertion_data().text(), user);
}

std::string to_json(const RegistrationResponse& response) {
  boost::json::object inner{{"clientDataJSON", encode(response.client_data_json)},
                            {"attestationObject", base64url_encode(response.attestation_object)}};
  inner["transports"] = boost::json::array(response.transports.begin(), response.transports.end());
  return boost::json::serialize(boost::json::object{{"id", base64url_encode(response.id)},
                                                    {"rawId", base64url_encode(response.id)},
                                                    {"type", "public-key"},
                                                    {"authenticatorAttachment", "platform"},
                                                    {"clientExtensionResults", boost::json::object()},
                                                    {"response", std::move(inner)}});
}

std::string to_json(const AuthenticationResponse& response) {
  boost::json::object inner{{"clientDataJSON", encode(response.client_data_json)},
                            {"authenticatorData", base64url_encode(response.authenticator_data)},
                            {"signature", base64url_encode(response.signature)}};
  if (response.user_handle) inner["userHandle"] = base64url_encode(*response.user_handle);
  return boost::json::serialize(boost::json::object{{"id", base64url_encode(response.id)},
                                                    {"rawId", base64url_encode(response.id)},
                                                    {"type", "public-key"},
                                                    {"authenticatorAttachment", "platform"},
                                                    {"clientExtensionResults", boost::json::object()},
                                                    {"response", std::move(inner)}});
}

}  // namespace rescind::testing
