#include "webauthn/options_json.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <string>

#include "rescind/base64url.h"
#include "webauthn/testing/relying_party.h"
#include "webauthn/user_handle.h"

namespace rescind {
namespace {

namespace json = boost::json;
using std::chrono::minutes;
using testing::relying_party;

const UserId kAda{"ada"};

PasskeyChallenge challenge() {
  PasskeyChallenge challenge;
  challenge.bytes.fill(0xff);
  return challenge;
}

Passkey passkey(std::vector<std::string> transports) {
  Passkey passkey;
  passkey.id.assign(16, 0);
  passkey.transports = std::move(transports);
  return passkey;
}

const std::string kChallenge = std::string(42, '_') + "8";
const std::string kId = std::string(22, 'A');

TEST(CreationOptions, AreThoseOfTheStandard) {
  const RegistrationRequest request{
      challenge(), UserVerification::kRequired, {kPasskeyAlgorithms.begin(), kPasskeyAlgorithms.end()}};
  const json::object options = creation_options(relying_party(), request, {kAda, "ada@example.org", "Ada"},
                                                {passkey({"internal", "hybrid"}), passkey({})}, minutes(5));
  const std::string handle = base64url_encode(user_handle_of(kAda));
  EXPECT_EQ(options, json::parse(R"({
    "rp": {"id": "example.org", "name": "Example"},
    "user": {"id": ")" + handle + R"(", "name": "ada@example.org", "displayName": "Ada"},
    "challenge": ")" + kChallenge +
                                 R"(",
    "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -8}, {"type": "public-key", "alg": -257}],
    "timeout": 300000,
    "excludeCredentials": [{"type": "public-key", "id": ")" +
                                 kId + R"(", "transports": ["internal", "hybrid"]},
                           {"type": "public-key", "id": ")" +
                                 kId + R"("}],
    "authenticatorSelection": {"residentKey": "required", "requireResidentKey": true, "userVerification": "required"},
    "attestation": "none"})"))
      << json::serialize(options);
}

TEST(CreationOptions, ADisplayNameIsNeverEmpty) {
  const RegistrationRequest request{challenge(), UserVerification::kDiscouraged, {Algorithm::kEdDsa}};
  const json::object options = creation_options(relying_party(), request, {kAda, "ada", ""}, {}, minutes(5));
  EXPECT_EQ(options.at("user").at("displayName"), "ada");
  EXPECT_EQ(options.at("excludeCredentials"), json::array());
  EXPECT_EQ(options.at("pubKeyCredParams").as_array().size(), 1u);
  EXPECT_EQ(options.at("authenticatorSelection").at("userVerification"), "discouraged");
}

TEST(RequestOptions, AreThoseOfTheStandard) {
  AssertionRequest request{challenge(), UserVerification::kPreferred, {}};
  EXPECT_EQ(
      request_options(relying_party(), request, minutes(1)),
      json::parse(R"({"challenge": ")" + kChallenge +
                  R"(", "timeout": 60000, "rpId": "example.org", "allowCredentials": [], "userVerification": "preferred"})"));
  request.allowed = {passkey({"usb"})};
  EXPECT_EQ(request_options(relying_party(), request, minutes(1)).at("allowCredentials"),
            json::parse(R"([{"type": "public-key", "id": ")" + kId + R"(", "transports": ["usb"]}])"));
}

}  // namespace
}  // namespace rescind
