#include "webauthn/registration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "verify/sha256.h"
#include "webauthn/options_json.h"
#include "webauthn/testing/authenticator.h"
#include "webauthn/testing/cbor_text.h"
#include "webauthn/testing/relying_party.h"

namespace rescind {
namespace {

using testing::attested_credential;
using testing::AuthenticatorDataText;
using testing::ClientDataText;
using testing::relying_party;
using testing::TestAuthenticator;

constexpr std::size_t kFlagsAt = 32;

PasskeyChallenge challenge() {
  PasskeyChallenge challenge;
  challenge.bytes.fill(0x5a);
  return challenge;
}

RegistrationRequest request() {
  return {challenge(), UserVerification::kRequired, {kPasskeyAlgorithms.begin(), kPasskeyAlgorithms.end()}};
}

// Empty where it is accepted.
std::string refusal(const RegistrationResponse& response, const RegistrationRequest& asked = request()) {
  const auto registration = check_registration(relying_party(), asked, response);
  return registration ? "" : std::string(to_string(registration.error()));
}

std::string client_data() { return ClientDataText(PasskeyCeremony::kRegistration, challenge()).text(); }

RegistrationResponse made_with(const AuthenticatorDataText& data) {
  return TestAuthenticator().make_registration(client_data(), data.text());
}

TEST(CheckRegistration, AGoodOneGivesThePasskey) {
  for (const Algorithm algorithm : kPasskeyAlgorithms) {
    const TestAuthenticator authenticator(algorithm);
    const auto registration = check_registration(relying_party(), request(), authenticator.make_registration(challenge()));
    ASSERT_TRUE(registration) << to_string(algorithm) << " " << to_string(registration.error());
    const Passkey& passkey = registration->passkey;
    EXPECT_EQ(as_text(passkey.id), authenticator.id());
    EXPECT_EQ(as_text(passkey.public_key), authenticator.cose_key());
    EXPECT_EQ(passkey.sign_count, 1u);
    EXPECT_EQ(passkey.backup_eligibility, BackupEligibility::kMultiDevice);
    EXPECT_EQ(passkey.backup_state, BackupState::kBackedUp);
    EXPECT_EQ(passkey.transports, (std::vector<std::string>{"internal", "hybrid"}));
    EXPECT_EQ(as_text(passkey.aaguid), "aaguid-aaguid-16");
    EXPECT_TRUE(registration->user_verified);
  }
}

TEST(CheckRegistration, IsForOneChallenge) {
  RegistrationRequest other = request();
  other.challenge.bytes[31] ^= 1;
  EXPECT_EQ(refusal(TestAuthenticator().make_registration(challenge()), other), "challenge_mismatch");
}

TEST(CheckRegistration, AnAssertionIsNoRegistration) {
  const std::string signed_in = ClientDataText(PasskeyCeremony::kSignIn, challenge()).text();
  const TestAuthenticator authenticator;
  EXPECT_EQ(refusal(authenticator.make_registration(signed_in, authenticator.registration_data().text())), "wrong_type");
  EXPECT_EQ(refusal(authenticator.make_registration(client_data(), authenticator.assertion_data().text())),
            "malformed_authenticator_data");
}

TEST(CheckRegistration, IsOnOneOfOurPages) {
  EXPECT_EQ(refusal(TestAuthenticator().make_registration(challenge(), "https://login.example.org:8443")), "");
  EXPECT_EQ(refusal(TestAuthenticator().make_registration(challenge(), "https://example.org.evil.com")), "origin_not_allowed");
}

TEST(CheckRegistration, FlagsFollowThePolicy) {
  AuthenticatorDataText data = TestAuthenticator().registration_data();
  data.rp_id = "example.com";
  EXPECT_EQ(refusal(made_with(data)), "wrong_relying_party");
  data = TestAuthenticator().registration_data();
  data.flags = 0x44;
  EXPECT_EQ(refusal(made_with(data)), "user_not_present");
  data.flags = 0x41;
  EXPECT_EQ(refusal(made_with(data)), "user_not_verified");
  RegistrationRequest lax = request();
  lax.user_verification = UserVerification::kPreferred;
  const auto unverified = check_registration(relying_party(), lax, made_with(data));
  ASSERT_TRUE(unverified);
  EXPECT_FALSE(unverified->user_verified);
  EXPECT_EQ(unverified->passkey.backup_eligibility, BackupEligibility::kSingleDevice);
  EXPECT_EQ(unverified->passkey.backup_state, BackupState::kNotBackedUp);
  data.flags = 0x55;
  EXPECT_EQ(refusal(made_with(data)), "invalid_backup_flags");
  data.flags = 0xc5;
  EXPECT_EQ(refusal(made_with(data)), "malformed_authenticator_data");
  data.extensions = testing::cbor_map({});
  EXPECT_EQ(refusal(made_with(data)), "");
}

TEST(CheckRegistration, TheIdIsTheOneThatTheAuthenticatorSays) {
  RegistrationResponse response = TestAuthenticator().make_registration(challenge());
  response.id.back() ^= 1;
  EXPECT_EQ(refusal(response), "credential_mismatch");
  response.id.clear();
  EXPECT_EQ(refusal(response), "credential_mismatch");
}

TEST(CheckRegistration, TheAlgorithmIsOneThatWasAskedFor) {
  for (const Algorithm asked : kPasskeyAlgorithms) {
    RegistrationRequest one = request();
    one.algorithms = {asked};
    for (const Algorithm made : kPasskeyAlgorithms) {
      EXPECT_EQ(refusal(TestAuthenticator(made).make_registration(challenge()), one),
                asked == made ? "" : "unsupported_algorithm");
    }
  }
}

TEST(CheckRegistration, TheKeyIsGood) {
  AuthenticatorDataText data = TestAuthenticator().registration_data();
  std::string key = TestAuthenticator().cose_key();
  key.back() = static_cast<char>(key.back() ^ 1);
  data.credential = attested_credential("aaguid-aaguid-16", TestAuthenticator().id(), key);
  EXPECT_EQ(refusal(made_with(data)), "invalid_point");
  data.credential = attested_credential("aaguid-aaguid-16", TestAuthenticator().id(), testing::cbor_map({}));
  EXPECT_EQ(refusal(made_with(data)), "malformed_public_key");
}

// Nothing of a registration without attestation is signed, so a changed bit may pass where it says something that may be so.
// It then shows in the passkey, and nowhere but in the field that it belongs to.
TEST(CheckRegistration, EveryChangedBitIsRefusedOrShowsWhereItBelongs) {
  const TestAuthenticator authenticator;
  const RegistrationResponse good = authenticator.make_registration(challenge());
  const auto original = check_registration(relying_party(), request(), good);
  ASSERT_TRUE(original);
  const std::string data = authenticator.registration_data().text();
  const std::string_view object = as_text(good.attestation_object);
  const std::size_t data_at = object.find(data);
  ASSERT_NE(data_at, std::string::npos);
  int accepted = 0;
  for (std::size_t bit = 0; bit < object.size() * 8; ++bit) {
    RegistrationResponse changed = good;
    changed.attestation_object[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    const auto registration = check_registration(relying_party(), request(), changed);
    if (!registration) continue;
    ++accepted;
    const std::size_t at = bit / 8 - data_at;
    EXPECT_EQ(registration->passkey.id, original->passkey.id);
    EXPECT_EQ(registration->passkey.public_key, original->passkey.public_key) << bit;
    EXPECT_EQ(registration->passkey.sign_count != original->passkey.sign_count, at > kFlagsAt && at <= kFlagsAt + 4) << bit;
    EXPECT_EQ(registration->passkey.aaguid != original->passkey.aaguid, at > kFlagsAt + 4 && at <= kFlagsAt + 20) << bit;
  }
  // 128 of the aaguid, 32 of the counter; of the flags the two reserved ones and "backed up"; and of the four letters "none"
  // all that leave a text, since the statement of any other format is ignored.
  EXPECT_EQ(accepted, 128 + 32 + 3 + 4 * 7);
}

// Without crossOrigin: a changed bit would make an unknown member of it, which is passed over.
TEST(CheckRegistration, EveryChangedBitOfTheClientDataIsRefused) {
  const TestAuthenticator authenticator;
  const std::string text = ClientDataText(PasskeyCeremony::kRegistration, challenge()).remove("crossOrigin").text();
  RegistrationResponse response = authenticator.make_registration(text, authenticator.registration_data().text());
  ASSERT_EQ(refusal(response), "");
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    response.client_data_json = text;
    response.client_data_json[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(refusal(response), "") << response.client_data_json;
  }
}

TEST(CheckRegistration, NoPrefixOfAResponseIsAccepted) {
  const RegistrationResponse good = TestAuthenticator().make_registration(challenge());
  for (std::size_t size = 0; size < good.attestation_object.size(); ++size) {
    RegistrationResponse changed = good;
    changed.attestation_object.resize(size);
    EXPECT_EQ(refusal(changed), "malformed_attestation") << size;
  }
}

}  // namespace
}  // namespace rescind
