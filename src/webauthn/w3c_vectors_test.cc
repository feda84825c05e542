// The test vectors of W3C WebAuthn Level 3 section 16, each as it is, and with every single bit changed.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "verify/sha256.h"
#include "webauthn/assertion.h"
#include "webauthn/options_json.h"
#include "webauthn/registration.h"
#include "webauthn/testing/relying_party.h"

namespace rescind {
namespace {

using testing::relying_party;
using Bytes = std::vector<std::uint8_t>;

const UserId kAda{"ada"};

struct Vector {
  std::string name;
  RegistrationRequest registration_request;
  RegistrationResponse registration;
  AssertionRequest assertion_request;
  AuthenticationResponse assertion;
};

Bytes from_hex(const std::string& hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

PasskeyChallenge challenge_of(const Bytes& bytes) {
  PasskeyChallenge challenge;
  EXPECT_EQ(bytes.size(), challenge.bytes.size());
  std::ranges::copy(bytes, challenge.bytes.begin());
  return challenge;
}

// The vectors have no user handle: the sign-in is for the passkey that was registered.
Vector parse_line(const std::string& line) {
  std::istringstream words(line);
  Vector vector;
  words >> vector.name;
  std::vector<Bytes> fields;
  for (std::string hex; words >> hex;) fields.push_back(from_hex(hex));
  EXPECT_EQ(fields.size(), 8u) << vector.name;
  fields.resize(8);
  vector.registration_request = {
      challenge_of(fields[0]), UserVerification::kPreferred, {kPasskeyAlgorithms.begin(), kPasskeyAlgorithms.end()}};
  vector.registration = {fields[3], std::string(as_text(fields[1])), fields[2], {}};
  Passkey named;
  named.id = fields[3];
  vector.assertion_request = {challenge_of(fields[4]), UserVerification::kPreferred, {named}};
  vector.assertion = {fields[3], std::string(as_text(fields[5])), fields[6], fields[7], std::nullopt};
  return vector;
}

std::vector<Vector> read_vectors() {
  std::ifstream file("src/webauthn/testing/w3c_vectors.txt");
  std::vector<Vector> vectors;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with('#')) vectors.push_back(parse_line(line));
  }
  return vectors;
}

// What we refuse of them by policy.
const std::map<std::string, WebauthnError> kRefused = {
    {"none-es256-crossOrigin", WebauthnError::kCrossOrigin},  // framed by a page that it does not name
    {"packed-es384", WebauthnError::kUnsupportedAlgorithm},
    {"packed-ed448", WebauthnError::kUnsupportedAlgorithm},
};

RelyingParty party() { return relying_party({"https://example.com"}); }

TEST(W3cVectors, AreAcceptedButForThoseThatPolicyRefuses) {
  const std::vector<Vector> vectors = read_vectors();
  ASSERT_EQ(vectors.size(), 12u);
  for (const Vector& vector : vectors) {
    const auto registration = check_registration(party(), vector.registration_request, vector.registration);
    if (const auto refused = kRefused.find(vector.name); refused != kRefused.end()) {
      ASSERT_FALSE(registration) << vector.name;
      EXPECT_EQ(registration.error(), refused->second) << vector.name;
      continue;
    }
    ASSERT_TRUE(registration) << vector.name << " " << to_string(registration.error());
    EXPECT_EQ(registration->passkey.id, vector.registration.id);
    const auto assertion = check_assertion(party(), vector.assertion_request, registration->passkey, kAda, vector.assertion);
    ASSERT_TRUE(assertion) << vector.name << " " << to_string(assertion.error());
    EXPECT_EQ(assertion->sign_count, 0u);
  }
}

TEST(W3cVectors, ThePageAtTheTopMustBeKnown) {
  for (const Vector& vector : read_vectors()) {
    if (vector.name != "none-es256-topOrigin") continue;
    const auto registration = check_registration(relying_party(), vector.registration_request, vector.registration);
    ASSERT_FALSE(registration);
    EXPECT_EQ(registration.error(), WebauthnError::kCrossOrigin);
  }
}

TEST(W3cVectors, OneVectorsKeyDoesNotVerifyAnothers) {
  const std::vector<Vector> vectors = read_vectors();
  int checked = 0;
  for (const Vector& one : vectors) {
    if (kRefused.contains(one.name)) continue;
    const auto registration = check_registration(party(), one.registration_request, one.registration);
    ASSERT_TRUE(registration);
    for (const Vector& other : vectors) {
      if (other.name == one.name || kRefused.contains(other.name)) continue;
      Passkey passkey = registration->passkey;
      passkey.id = other.assertion.id;
      const auto assertion = check_assertion(party(), other.assertion_request, passkey, kAda, other.assertion);
      ASSERT_FALSE(assertion) << one.name << " " << other.name;
      EXPECT_EQ(assertion.error(), WebauthnError::kInvalidSignature);
      ++checked;
    }
  }
  EXPECT_EQ(checked, 9 * 8);
}

// Every bit of `bytes` once, changed.
template <class Text, class Check>
void expect_refused_with_any_bit_changed(Text& bytes, const Check& is_accepted, const std::string& name) {
  ASSERT_TRUE(is_accepted()) << name;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const auto mask = static_cast<typename Text::value_type>(1 << (bit % 8));
    bytes[bit / 8] = static_cast<typename Text::value_type>(bytes[bit / 8] ^ mask);
    EXPECT_FALSE(is_accepted()) << name << " " << bit;
    bytes[bit / 8] = static_cast<typename Text::value_type>(bytes[bit / 8] ^ mask);
  }
}

TEST(W3cVectors, NoAssertionWithABitChangedIsAccepted) {
  for (Vector& vector : read_vectors()) {
    if (kRefused.contains(vector.name)) continue;
    const auto registration = check_registration(party(), vector.registration_request, vector.registration);
    ASSERT_TRUE(registration);
    const RelyingParty us = party();
    const auto is_accepted = [&] {
      return check_assertion(us, vector.assertion_request, registration->passkey, kAda, vector.assertion).has_value();
    };
    expect_refused_with_any_bit_changed(vector.assertion.authenticator_data, is_accepted, vector.name);
    expect_refused_with_any_bit_changed(vector.assertion.client_data_json, is_accepted, vector.name);
    expect_refused_with_any_bit_changed(vector.assertion.signature, is_accepted, vector.name);
    expect_refused_with_any_bit_changed(vector.assertion.id, is_accepted, vector.name);
    expect_refused_with_any_bit_changed(vector.assertion_request.challenge.bytes, is_accepted, vector.name);
  }
}

}  // namespace
}  // namespace rescind
