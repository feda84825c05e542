#include "webauthn/authenticator_data.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "webauthn/testing/authenticator.h"
#include "webauthn/testing/cbor_text.h"
#include "webauthn/testing/relying_party.h"

namespace rescind {
namespace {

using testing::attested_credential;
using testing::AuthenticatorDataText;
using testing::cbor_array;
using testing::cbor_head;
using testing::cbor_integer;
using testing::cbor_map;
using testing::cbor_text;
using testing::relying_party;

constexpr std::uint8_t kAttested = 0x40;
constexpr std::uint8_t kExtended = 0x80;
const std::string kAaguid = "0123456789abcdef";
const std::string kKey = cbor_map({{cbor_integer(1), cbor_integer(2)}});
const std::string kId(32, 'i');
const std::string kCredential = attested_credential(kAaguid, kId, kKey);
const std::string kExtensions = cbor_map({{cbor_text("credProtect"), cbor_integer(2)}});

bool accepts(const std::string& text) { return parse_authenticator_data(as_bytes(text)).has_value(); }

std::string data(std::uint8_t flags, const std::string& credential, const std::string& extensions) {
  return AuthenticatorDataText{.flags = flags, .sign_count = 0x01020304, .credential = credential, .extensions = extensions}
      .text();
}

TEST(AuthenticatorData, IsReadFieldByField) {
  const std::string text = data(0xc5, kCredential, kExtensions);
  const auto parsed = parse_authenticator_data(as_bytes(text));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->rp_id_hash, sha256({"example.org"}));
  EXPECT_EQ(parsed->flags, 0xc5);
  EXPECT_EQ(parsed->sign_count, 0x01020304u);
  ASSERT_TRUE(parsed->credential);
  EXPECT_EQ(as_text(parsed->credential->aaguid), kAaguid);
  EXPECT_EQ(as_text(parsed->credential->id), kId);
  EXPECT_EQ(as_text(parsed->credential->public_key), kKey);
}

TEST(AuthenticatorData, FlagsAndContentAgree) {
  for (const bool has_credential : {false, true}) {
    for (const bool has_extensions : {false, true}) {
      const std::string credential = has_credential ? kCredential : "";
      const std::string extensions = has_extensions ? kExtensions : "";
      const std::uint8_t right = (has_credential ? kAttested : 0) | (has_extensions ? kExtended : 0);
      for (const std::uint8_t flags : {0, 0x40, 0x80, 0xc0}) {
        EXPECT_EQ(accepts(data(flags, credential, extensions)), flags == right) << int{flags} << " " << int{right};
      }
    }
  }
}

TEST(AuthenticatorData, NoPrefixAndNothingBehindTheEnd) {
  for (const std::string& text : {data(0, "", ""), data(kAttested, kCredential, ""), data(kExtended, "", kExtensions),
                                  data(0xc0, kCredential, kExtensions)}) {
    EXPECT_TRUE(accepts(text));
    for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(accepts(text.substr(0, size))) << size;
    EXPECT_FALSE(accepts(text + '\0'));
    EXPECT_FALSE(accepts(text + kExtensions));
  }
}

TEST(AuthenticatorData, ACredentialIdHas16To1023Bytes) {
  for (const auto& [size, good] :
       {std::pair(0, false), {1, false}, {15, false}, {16, true}, {1023, true}, {1024, false}, {65535, false}}) {
    const std::string id(static_cast<std::size_t>(size), 'i');
    EXPECT_EQ(accepts(data(kAttested, attested_credential(kAaguid, id, kKey), "")), good) << size;
  }
  const std::string longer_than_the_rest = kAaguid + "\xff\xff" + kId + kKey;
  EXPECT_FALSE(accepts(data(kAttested, longer_than_the_rest, "")));
}

TEST(AuthenticatorData, KeyAndExtensionsAreCborMaps) {
  for (const std::string& other :
       {cbor_integer(1), cbor_array({}), std::string("\xf6"), std::string("\xff"), std::string("\xbf\xff")}) {
    EXPECT_FALSE(accepts(data(kAttested, attested_credential(kAaguid, kId, other), "")));
    EXPECT_FALSE(accepts(data(kExtended, "", other)));
  }
  EXPECT_FALSE(accepts(data(kExtended, "", cbor_map({{cbor_text("a"), cbor_integer(1)}, {cbor_text("a"), cbor_integer(1)}}))));
  EXPECT_FALSE(accepts(data(kExtended, "", cbor_head(5, std::uint64_t{1} << 63))));
  EXPECT_FALSE(accepts(data(kExtended, "", std::string(100'000, '\x81'))));
}

TEST(AuthenticatorData, IsBounded) {
  const auto extensions = [](std::size_t size) {
    return cbor_map({{cbor_text("x"), testing::cbor_bytes(std::string(size, 'x'))}});
  };
  const std::size_t rest = data(kExtended, "", extensions(1000)).size() - 1000;
  EXPECT_TRUE(accepts(data(kExtended, "", extensions(kMaxAuthenticatorDataBytes - rest))));
  EXPECT_FALSE(accepts(data(kExtended, "", extensions(kMaxAuthenticatorDataBytes - rest + 1))));
}

// The standard's rules, written once more: what is refused, and why.
std::optional<WebauthnError> expected_refusal(unsigned flags, UserVerification policy) {
  if ((flags & 0x01) == 0) return WebauthnError::kUserNotPresent;
  if (policy == UserVerification::kRequired && (flags & 0x04) == 0) return WebauthnError::kUserNotVerified;
  if ((flags & 0x18) == 0x10) return WebauthnError::kInvalidBackupFlags;
  return std::nullopt;
}

TEST(AuthenticatorFlags, All256AgainstEveryPolicy) {
  using enum UserVerification;
  int accepted = 0;
  for (const UserVerification policy : {kRequired, kPreferred, kDiscouraged}) {
    for (unsigned flags = 0; flags < 256; ++flags) {
      const std::string text = data(static_cast<std::uint8_t>(flags), (flags & kAttested) != 0 ? kCredential : "",
                                    (flags & kExtended) != 0 ? kExtensions : "");
      const auto parsed = parse_authenticator_data(as_bytes(text));
      ASSERT_TRUE(parsed) << flags;
      const auto checked = check_authenticator_data(*parsed, relying_party(), policy);
      const auto expected = expected_refusal(flags, policy);
      ASSERT_EQ(checked.has_value(), !expected.has_value()) << flags << " " << to_string(policy);
      if (expected) {
        EXPECT_EQ(checked.error(), *expected) << flags << " " << to_string(policy);
      }
      accepted += checked.has_value() ? 1 : 0;
      EXPECT_EQ(backup_eligibility_of(*parsed) == BackupEligibility::kMultiDevice, (flags & 0x08) != 0);
      EXPECT_EQ(backup_state_of(*parsed) == BackupState::kBackedUp, (flags & 0x10) != 0);
    }
  }
  EXPECT_EQ(accepted, 48 + 96 + 96);
}

TEST(AuthenticatorData, IsForOneRelyingParty) {
  for (const std::string id :
       {"example.com", "sub.example.org", "org", "", "example.org.", "EXAMPLE.ORG", "https://example.org"}) {
    const std::string text = AuthenticatorDataText{.rp_id = id, .flags = 0x05, .credential = {}, .extensions = {}}.text();
    const auto parsed = parse_authenticator_data(as_bytes(text));
    ASSERT_TRUE(parsed);
    const auto checked = check_authenticator_data(*parsed, relying_party(), UserVerification::kRequired);
    ASSERT_FALSE(checked) << id;
    EXPECT_EQ(checked.error(), WebauthnError::kWrongRelyingParty);
  }
}

}  // namespace
}  // namespace rescind
