#include "webauthn/assertion.h"

#include <gtest/gtest.h>

#include <string>

#include "verify/sha256.h"
#include "webauthn/options_json.h"
#include "webauthn/testing/authenticator.h"
#include "webauthn/testing/cbor_text.h"
#include "webauthn/testing/relying_party.h"
#include "webauthn/user_handle.h"

namespace rescind {
namespace {

using testing::AuthenticatorDataText;
using testing::ClientDataText;
using testing::relying_party;
using testing::TestAuthenticator;

const UserId kAda{"ada"};
const UserId kEve{"eve"};

PasskeyChallenge challenge() {
  PasskeyChallenge challenge;
  challenge.bytes.fill(0xa5);
  return challenge;
}

AssertionRequest request() { return {challenge(), UserVerification::kRequired, {}}; }

Passkey passkey_of(const TestAuthenticator& authenticator) {
  Passkey passkey;
  passkey.id.assign(authenticator.id().begin(), authenticator.id().end());
  const std::string key = authenticator.cose_key();
  passkey.public_key.assign(key.begin(), key.end());
  passkey.sign_count = 1;
  passkey.backup_eligibility = BackupEligibility::kMultiDevice;
  passkey.backup_state = BackupState::kNotBackedUp;
  return passkey;
}

// Empty where it is accepted.
std::string refusal(const AuthenticationResponse& response, const AssertionRequest& asked = request(),
                    const Passkey& passkey = passkey_of(TestAuthenticator()), const UserId& owner = kAda) {
  const auto assertion = check_assertion(relying_party(), asked, passkey, owner, response);
  return assertion ? "" : std::string(to_string(assertion.error()));
}

std::string client_data() { return ClientDataText(PasskeyCeremony::kSignIn, challenge()).text(); }

AuthenticationResponse made_with(const AuthenticatorDataText& data) {
  return TestAuthenticator().make_assertion(client_data(), data.text(), kAda);
}

TEST(CheckAssertion, AGoodOneGivesWhatToRemember) {
  for (const Algorithm algorithm : kPasskeyAlgorithms) {
    const TestAuthenticator authenticator(algorithm);
    const auto assertion = check_assertion(relying_party(), request(), passkey_of(authenticator), kAda,
                                           authenticator.make_assertion(challenge(), kAda));
    ASSERT_TRUE(assertion) << to_string(algorithm) << " " << to_string(assertion.error());
    EXPECT_EQ(assertion->sign_count, 2u);
    EXPECT_EQ(assertion->backup_state, BackupState::kBackedUp);
    EXPECT_TRUE(assertion->user_verified);
  }
}

TEST(CheckAssertion, EveryChangedBitOfWhatIsSignedIsRefused) {
  for (const Algorithm algorithm : {Algorithm::kEs256, Algorithm::kEdDsa}) {
    const TestAuthenticator authenticator(algorithm);
    const Passkey passkey = passkey_of(authenticator);
    const AuthenticationResponse good = authenticator.make_assertion(challenge(), kAda);
    ASSERT_EQ(refusal(good, request(), passkey), "");
    for (std::size_t bit = 0; bit < good.authenticator_data.size() * 8; ++bit) {
      AuthenticationResponse changed = good;
      changed.authenticator_data[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
      EXPECT_NE(refusal(changed, request(), passkey), "") << bit;
    }
    for (std::size_t bit = 0; bit < good.signature.size() * 8; ++bit) {
      AuthenticationResponse changed = good;
      changed.signature[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
      EXPECT_EQ(refusal(changed, request(), passkey), "invalid_signature") << bit;
    }
    for (std::size_t bit = 0; bit < good.client_data_json.size() * 8; ++bit) {
      AuthenticationResponse changed = good;
      changed.client_data_json[bit / 8] = static_cast<char>(changed.client_data_json[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_NE(refusal(changed, request(), passkey), "") << bit;
    }
  }
}

TEST(CheckAssertion, IsForOneChallengeAndOneCeremony) {
  const TestAuthenticator authenticator;
  PasskeyChallenge other = challenge();
  other.bytes[0] ^= 0x80;
  EXPECT_EQ(refusal(authenticator.make_assertion(other, kAda)), "challenge_mismatch");
  const std::string created = ClientDataText(PasskeyCeremony::kRegistration, challenge()).text();
  EXPECT_EQ(refusal(authenticator.make_assertion(created, authenticator.assertion_data().text(), kAda)), "wrong_type");
  EXPECT_EQ(refusal(authenticator.make_assertion(challenge(), kAda, "https://evil.com")), "origin_not_allowed");
}

TEST(CheckAssertion, ItsFlagsFollowThePolicy) {
  AuthenticatorDataText data = TestAuthenticator().assertion_data();
  data.rp_id = "evil.com";
  EXPECT_EQ(refusal(made_with(data)), "wrong_relying_party");
  data = TestAuthenticator().assertion_data();
  data.flags = 0x0c;
  EXPECT_EQ(refusal(made_with(data)), "user_not_present");
  data.flags = 0x09;
  EXPECT_EQ(refusal(made_with(data)), "user_not_verified");
  for (const UserVerification lax : {UserVerification::kPreferred, UserVerification::kDiscouraged}) {
    AssertionRequest asked = request();
    asked.user_verification = lax;
    const auto assertion = check_assertion(relying_party(), asked, passkey_of(TestAuthenticator()), kAda, made_with(data));
    ASSERT_TRUE(assertion);
    EXPECT_FALSE(assertion->user_verified);
    EXPECT_EQ(assertion->backup_state, BackupState::kNotBackedUp);
  }
  data.flags = 0x15;
  EXPECT_EQ(refusal(made_with(data)), "invalid_backup_flags");
}

TEST(CheckAssertion, BackupEligibilityStaysAsItWas) {
  Passkey single = passkey_of(TestAuthenticator());
  single.backup_eligibility = BackupEligibility::kSingleDevice;
  AuthenticatorDataText data = TestAuthenticator().assertion_data();
  EXPECT_EQ(refusal(made_with(data), request(), single), "backup_eligibility_changed");
  data.flags = 0x05;
  EXPECT_EQ(refusal(made_with(data), request(), single), "");
  EXPECT_EQ(refusal(made_with(data)), "backup_eligibility_changed");
}

TEST(CheckAssertion, MakesNoCredential) {
  AuthenticatorDataText data = TestAuthenticator().registration_data();
  EXPECT_EQ(refusal(made_with(data)), "malformed_authenticator_data");
  data = TestAuthenticator().assertion_data();
  data.flags |= 0x80;
  EXPECT_EQ(refusal(made_with(data)), "malformed_authenticator_data");
  data.extensions = testing::cbor_map({{testing::cbor_text("x"), "\xf5"}});
  EXPECT_EQ(refusal(made_with(data)), "");
}

TEST(CheckAssertion, TheCounterGrowsUnlessItIsZeroOnBothSides) {
  constexpr std::uint32_t kMost = 0xffffffff;
  const std::uint32_t counts[] = {0, 1, 2, 3, 0x7fffffff, 0x80000000, kMost - 1, kMost};
  int accepted = 0;
  for (const std::uint32_t stored : counts) {
    for (const std::uint32_t presented : counts) {
      Passkey passkey = passkey_of(TestAuthenticator());
      passkey.sign_count = stored;
      AuthenticatorDataText data = TestAuthenticator().assertion_data();
      data.sign_count = presented;
      const bool good = presented > stored || (presented == 0 && stored == 0);
      EXPECT_EQ(refusal(made_with(data), request(), passkey), good ? "" : "counter_regressed") << stored << " " << presented;
      accepted += good ? 1 : 0;
    }
  }
  EXPECT_EQ(accepted, 1 + 7 * 8 / 2);
}

TEST(CheckAssertion, ABadSignatureIsNoSignOfACopy) {
  AuthenticatorDataText data = TestAuthenticator().assertion_data();
  data.sign_count = 0;
  data.flags = 0x05;
  AuthenticationResponse response = made_with(data);
  response.signature.back() ^= 1;
  EXPECT_EQ(refusal(response), "invalid_signature");
}

TEST(CheckAssertion, IsOfThePasskeyThatTheStoreKnows) {
  const TestAuthenticator other(Algorithm::kEs256, "another-id-of-16");
  EXPECT_EQ(refusal(other.make_assertion(challenge(), kAda)), "credential_mismatch");
  Passkey replaced = passkey_of(TestAuthenticator());
  replaced.public_key = passkey_of(TestAuthenticator(Algorithm::kEdDsa)).public_key;
  EXPECT_EQ(refusal(TestAuthenticator().make_assertion(challenge(), kAda), request(), replaced), "invalid_signature");
  replaced.public_key = {0xa0};
  EXPECT_EQ(refusal(TestAuthenticator().make_assertion(challenge(), kAda), request(), replaced), "malformed_public_key");
}

TEST(CheckAssertion, IsOfOneOfThePasskeysThatWereAskedFor) {
  const AuthenticationResponse response = TestAuthenticator().make_assertion(challenge(), kAda);
  AssertionRequest asked = request();
  asked.allowed = {passkey_of(TestAuthenticator(Algorithm::kEs256, "another-id-of-16"))};
  EXPECT_EQ(refusal(response, asked), "credential_mismatch");
  asked.allowed.push_back(passkey_of(TestAuthenticator()));
  EXPECT_EQ(refusal(response, asked), "");
}

TEST(CheckAssertion, TheUserHandleIsTheOwners) {
  const TestAuthenticator authenticator;
  const Passkey passkey = passkey_of(authenticator);
  AssertionRequest named = request();
  named.allowed = {passkey};
  for (const AssertionRequest& asked : {request(), named}) {
    EXPECT_EQ(refusal(authenticator.make_assertion(challenge(), kAda), asked, passkey, kAda), "");
    EXPECT_EQ(refusal(authenticator.make_assertion(challenge(), kEve), asked, passkey, kAda), "user_mismatch");
    EXPECT_EQ(refusal(authenticator.make_assertion(challenge(), kAda), asked, passkey, kEve), "user_mismatch");
    AuthenticationResponse empty = authenticator.make_assertion(challenge(), kAda);
    empty.user_handle->clear();
    EXPECT_EQ(refusal(empty, asked), "user_mismatch");
  }
  // Without a handle only where something else has said who signs in.
  EXPECT_EQ(refusal(authenticator.make_assertion(challenge(), std::nullopt), named), "");
  EXPECT_EQ(refusal(authenticator.make_assertion(challenge(), std::nullopt), request()), "user_mismatch");
}

TEST(UserHandle, Is32BytesThatDoNotShowTheId) {
  EXPECT_EQ(user_handle_of(kAda).size(), 32u);
  EXPECT_NE(user_handle_of(kAda), user_handle_of(kEve));
  EXPECT_EQ(as_text(user_handle_of(UserId{"ada@example.org"})).find("ada"), std::string_view::npos);
  // Stored on users' authenticators for years: it must never change.
  EXPECT_EQ(user_handle_of(kAda), sha256({"rescind-passkey-user-v1ada"}));
}

}  // namespace
}  // namespace rescind
