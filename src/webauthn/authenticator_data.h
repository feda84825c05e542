// Authenticator data (W3C WebAuthn Level 3 section 6.1): what the authenticator says, and signs.
#ifndef RESCIND_WEBAUTHN_AUTHENTICATOR_DATA_H_
#define RESCIND_WEBAUTHN_AUTHENTICATOR_DATA_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "domain/passkey.h"
#include "rescind/result.h"
#include "verify/sha256.h"
#include "webauthn/relying_party.h"
#include "webauthn/webauthn_error.h"

namespace rescind {

// Bits 1 and 5 are reserved and not looked at, as bits 3 and 4 were before they came to mean something.
enum class AuthenticatorFlag : std::uint8_t {
  kUserPresent = 0x01,
  kUserVerified = 0x04,
  kBackupEligible = 0x08,
  kBackedUp = 0x10,
  kAttestedCredential = 0x40,
  kExtensions = 0x80,
};

// Section 6.5.1. The spans point into what was parsed.
struct AttestedCredential {
  std::array<std::uint8_t, 16> aaguid{};
  std::span<const std::uint8_t> id;          // kMinPasskeyIdBytes to kMaxPasskeyIdBytes
  std::span<const std::uint8_t> public_key;  // one CBOR map: see CoseKey
};

struct AuthenticatorData {
  Sha256Digest rp_id_hash{};
  std::uint8_t flags = 0;
  std::uint32_t sign_count = 0;
  std::optional<AttestedCredential> credential;

  bool has(AuthenticatorFlag flag) const { return (flags & static_cast<std::uint8_t>(flag)) != 0; }
};

BackupEligibility backup_eligibility_of(const AuthenticatorData& data);
BackupState backup_state_of(const AuthenticatorData& data);

inline constexpr std::size_t kMaxAuthenticatorDataBytes = 16 * 1024;

// kMalformedAuthenticatorData where a part is missing that a flag announces, anything stands behind the last part, or the
// extensions are not one CBOR map. What the extensions say is not looked at: we ask for none.
Result<AuthenticatorData, WebauthnError> parse_authenticator_data(std::span<const std::uint8_t> bytes);

// Whether the authenticator has to make sure that it is the user (PIN, fingerprint, …) and not only somebody.
enum class UserVerification : std::uint8_t { kRequired, kPreferred, kDiscouraged };

// "required", "preferred", "discouraged" (section 5.8.6).
std::string_view to_string(UserVerification user_verification);

// The steps that sections 7.1 and 7.2 have in common: made for this relying party; the user was present, and verified where
// that is required; backed up only where eligible.
//
// kWrongRelyingParty, kUserNotPresent, kUserNotVerified, kInvalidBackupFlags.
Result<void, WebauthnError> check_authenticator_data(const AuthenticatorData& data, const RelyingParty& relying_party,
                                                     UserVerification user_verification);

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_AUTHENTICATOR_DATA_H_
