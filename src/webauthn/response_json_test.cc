#include "webauthn/response_json.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "domain/passkey.h"
#include "webauthn/attestation_object.h"
#include "webauthn/authenticator_data.h"
#include "webauthn/client_data.h"
#include "webauthn/testing/authenticator.h"

namespace rescind {
namespace {

namespace json = boost::json;

using testing::TestAuthenticator;
using testing::to_json;

const UserId kAda{"ada"};

json::object registration() {
  return json::parse(to_json(TestAuthenticator().make_registration(PasskeyChallenge()))).as_object();
}
json::object authentication() {
  return json::parse(to_json(TestAuthenticator().make_assertion(PasskeyChallenge(), kAda))).as_object();
}

bool accepts_registration(const json::object& object) {
  return parse_registration_response(json::serialize(object)).has_value();
}
bool accepts_authentication(const json::object& object) {
  return parse_authentication_response(json::serialize(object)).has_value();
}

// What may stand where a text in base64url of at most `max_bytes` belongs.
void expect_bytes(const json::object& whole, bool in_response, std::string_view name, std::size_t max_bytes,
                  bool (*accepts)(const json::object&)) {
  const auto with = [&](const json::value& value) {
    json::object changed = whole;
    (in_response ? changed["response"].as_object() : changed)[name] = value;
    return changed;
  };
  EXPECT_TRUE(accepts(whole));
  json::object missing = whole;
  (in_response ? missing["response"].as_object() : missing).erase(name);
  EXPECT_FALSE(accepts(missing)) << name;
  for (const json::value& bad :
       {json::value(1), json::value(true), json::value(json::array()), json::value(json::object()), json::value(""),
        json::value("AA=="), json::value("A"), json::value("AB"), json::value("A A"), json::value("A+/A")}) {
    EXPECT_FALSE(accepts(with(bad))) << name << bad;
  }
  if (!in_response) return;
  EXPECT_TRUE(accepts(with(json::value(testing::encode(std::string(max_bytes, 'x')))))) << name;
  EXPECT_FALSE(accepts(with(json::value(testing::encode(std::string(max_bytes + 1, 'x')))))) << name;
}

TEST(ResponseJson, ARegistrationComesThroughAsItIs) {
  const RegistrationResponse made = TestAuthenticator().make_registration(PasskeyChallenge());
  const auto parsed = parse_registration_response(to_json(made));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->id, made.id);
  EXPECT_EQ(parsed->client_data_json, made.client_data_json);
  EXPECT_EQ(parsed->attestation_object, made.attestation_object);
  EXPECT_EQ(parsed->transports, made.transports);
}

TEST(ResponseJson, AnAuthenticationComesThroughAsItIs) {
  for (const std::optional<UserId>& user : {std::optional<UserId>(), std::optional(kAda)}) {
    const AuthenticationResponse made = TestAuthenticator().make_assertion(PasskeyChallenge(), user);
    const auto parsed = parse_authentication_response(to_json(made));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->id, made.id);
    EXPECT_EQ(parsed->client_data_json, made.client_data_json);
    EXPECT_EQ(parsed->authenticator_data, made.authenticator_data);
    EXPECT_EQ(parsed->signature, made.signature);
    EXPECT_EQ(parsed->user_handle, made.user_handle);
  }
}

TEST(ResponseJson, EveryMemberIsCanonicalAndBounded) {
  expect_bytes(registration(), false, "id", kMaxPasskeyIdBytes, accepts_registration);
  expect_bytes(registration(), false, "rawId", kMaxPasskeyIdBytes, accepts_registration);
  expect_bytes(registration(), true, "clientDataJSON", kMaxClientDataBytes, accepts_registration);
  expect_bytes(registration(), true, "attestationObject", kMaxAttestationBytes, accepts_registration);
  expect_bytes(authentication(), false, "id", kMaxPasskeyIdBytes, accepts_authentication);
  expect_bytes(authentication(), false, "rawId", kMaxPasskeyIdBytes, accepts_authentication);
  expect_bytes(authentication(), true, "clientDataJSON", kMaxClientDataBytes, accepts_authentication);
  expect_bytes(authentication(), true, "authenticatorData", kMaxAuthenticatorDataBytes, accepts_authentication);
  expect_bytes(authentication(), true, "signature", kMaxSignatureBytes, accepts_authentication);
}

TEST(ResponseJson, IdAndRawIdAreOne) {
  for (const std::size_t size : {std::size_t{1}, kMaxPasskeyIdBytes, kMaxPasskeyIdBytes + 1}) {
    json::object changed = registration();
    changed["id"] = testing::encode(std::string(size, 'x'));
    EXPECT_FALSE(accepts_registration(changed));
    changed["rawId"] = changed["id"];
    EXPECT_EQ(accepts_registration(changed), size <= kMaxPasskeyIdBytes) << size;
  }
}

TEST(ResponseJson, AUserHandleMayBeAbsentOrNull) {
  json::object changed = authentication();
  json::object& response = changed["response"].as_object();
  for (const json::value& absent : {json::value(), json::value("missing")}) {
    response["userHandle"] = absent;
    if (absent.is_string()) response.erase("userHandle");
    const auto parsed = parse_authentication_response(json::serialize(changed));
    ASSERT_TRUE(parsed);
    EXPECT_FALSE(parsed->user_handle);
  }
  for (const json::value& bad :
       {json::value(1), json::value(""), json::value("A="), json::value(testing::encode(std::string(65, 'x')))}) {
    response["userHandle"] = bad;
    EXPECT_FALSE(accepts_authentication(changed)) << bad;
  }
  response["userHandle"] = testing::encode(std::string(64, 'x'));
  EXPECT_TRUE(accepts_authentication(changed));
}

TEST(ResponseJson, ItsTypeIsPublicKey) {
  for (const json::value& type : {json::value(), json::value("Public-key"), json::value(""), json::value(1)}) {
    json::object changed = registration();
    changed["type"] = type;
    EXPECT_FALSE(accepts_registration(changed));
    changed.erase("type");
    EXPECT_FALSE(accepts_registration(changed));
  }
}

TEST(ResponseJson, TransportsAreAFewShortWords) {
  json::object changed = registration();
  json::object& response = changed["response"].as_object();
  response.erase("transports");
  EXPECT_TRUE(accepts_registration(changed));
  const auto with = [&](const json::value& value) {
    response["transports"] = value;
    return accepts_registration(changed);
  };
  EXPECT_TRUE(with(json::array()));
  EXPECT_TRUE(with(json::array{"smart-card", "not-known-yet-2"}));
  EXPECT_TRUE(with(json::array(kMaxTransports, "usb")));
  EXPECT_FALSE(with(json::array(kMaxTransports + 1, "usb")));
  EXPECT_TRUE(with(json::array{std::string(32, 'x')}));
  for (const json::value& bad : {json::value(), json::value("usb"), json::value(json::object()), json::value(json::array{1}),
                                 json::value(json::array{""}), json::value(json::array{"USB"}), json::value(json::array{"<b>"}),
                                 json::value(json::array{"usb", std::string(33, 'x')})}) {
    EXPECT_FALSE(with(bad)) << bad;
  }
}

TEST(ResponseJson, UnknownMembersArePassedOver) {
  json::object changed = registration();
  changed["clientExtensionResults"] = {{"credProps", {{"rk", true}}}};
  changed["x"] = 1;
  changed["response"].as_object()["publicKeyAlgorithm"] = -7;
  EXPECT_TRUE(accepts_registration(changed));
}

TEST(ResponseJson, IsStrictAndBounded) {
  const std::string good = json::serialize(registration());
  EXPECT_TRUE(parse_registration_response(good + std::string(kMaxResponseJsonBytes - good.size(), ' ')));
  EXPECT_FALSE(parse_registration_response(good + std::string(kMaxResponseJsonBytes - good.size() + 1, ' ')));
  const std::string twice = good.substr(0, good.size() - 1) + R"(,"id":"AAAAAAAAAAAAAAAAAAAAAA"})";
  for (const std::string& bad :
       {std::string(), std::string("null"), std::string("[]"), std::string("{}"), std::string(R"({"response":1})"),
        good.substr(1), good + "x", twice, std::string(60000, '[')}) {
    EXPECT_FALSE(parse_registration_response(bad)) << bad;
    EXPECT_FALSE(parse_authentication_response(bad)) << bad;
  }
  // One ceremony's is not the other's.
  EXPECT_FALSE(parse_authentication_response(good));
  EXPECT_FALSE(accepts_registration(authentication()));
}

}  // namespace
}  // namespace rescind
