#include "webauthn/options_json.h"

#include <boost/json/array.hpp>

#include "rescind/base64url.h"
#include "webauthn/cose_key.h"
#include "webauthn/user_handle.h"

namespace rescind {
namespace {

namespace json = boost::json;

json::array descriptors(const std::vector<Passkey>& passkeys) {
  json::array all;
  for (const Passkey& passkey : passkeys) {
    json::object one{{"type", "public-key"}, {"id", base64url_encode(passkey.id)}};
    if (!passkey.transports.empty()) one["transports"] = json::array(passkey.transports.begin(), passkey.transports.end());
    all.push_back(std::move(one));
  }
  return all;
}

json::array parameters(const std::vector<Algorithm>& algorithms) {
  json::array all;
  for (const Algorithm algorithm : algorithms) {
    all.push_back(json::object{{"type", "public-key"}, {"alg", cose_number(algorithm).value()}});
  }
  return all;
}

}  // namespace

json::object creation_options(const RelyingParty& relying_party, const RegistrationRequest& request, const PasskeyUser& user,
                              const std::vector<Passkey>& existing, std::chrono::milliseconds timeout) {
  return {
      {"rp", {{"id", relying_party.id()}, {"name", relying_party.name()}}},
      {"user",
       {{"id", base64url_encode(user_handle_of(user.id))},
        {"name", user.name},
        {"displayName", user.display_name.empty() ? user.name : user.display_name}}},
      {"challenge", request.challenge.text()},
      {"pubKeyCredParams", parameters(request.algorithms)},
      {"timeout", timeout.count()},
      {"excludeCredentials", descriptors(existing)},
      // requireResidentKey says the same to browsers of Level 1.
      {"authenticatorSelection",
       {{"residentKey", "required"}, {"requireResidentKey", true}, {"userVerification", to_string(request.user_verification)}}},
      {"attestation", "none"},
  };
}

json::object request_options(const RelyingParty& relying_party, const AssertionRequest& request,
                             std::chrono::milliseconds timeout) {
  return {
      {"challenge", request.challenge.text()},
      {"timeout", timeout.count()},
      {"rpId", relying_party.id()},
      {"allowCredentials", descriptors(request.allowed)},
      {"userVerification", to_string(request.user_verification)},
  };
}

}  // namespace rescind
