// A passkey: a WebAuthn credential with which a user signs in, as the server remembers it.
#ifndef RESCIND_DOMAIN_PASSKEY_H_
#define RESCIND_DOMAIN_PASSKEY_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace rescind {

// Whether the passkey may be copied to other devices of its user (W3C WebAuthn Level 3 section 6.1.3): fixed at its creation.
enum class BackupEligibility : std::uint8_t { kSingleDevice, kMultiDevice };

// Whether it is copied at present: as of the last sign-in.
enum class BackupState : std::uint8_t { kNotBackedUp, kBackedUp };

struct Passkey {
  std::vector<std::uint8_t> id;          // made by the authenticator; kMin… to kMaxPasskeyIdBytes, unique among all users
  std::vector<std::uint8_t> public_key;  // COSE_Key (RFC 9052 section 7), as the authenticator wrote it
  std::uint32_t sign_count = 0;          // 0 where the authenticator does not count
  BackupEligibility backup_eligibility = BackupEligibility::kSingleDevice;
  BackupState backup_state = BackupState::kNotBackedUp;
  std::vector<std::string> transports;    // "internal", "hybrid", "usb", …: hints for the browser, not signed by anyone
  std::array<std::uint8_t, 16> aaguid{};  // the model of the authenticator, unproven; zero where it does not say
};

inline constexpr std::size_t kMinPasskeyIdBytes = 16;    // WebAuthn Level 3 section 4, "Credential ID"
inline constexpr std::size_t kMaxPasskeyIdBytes = 1023;  // WebAuthn Level 3 section 7.1 step 25

}  // namespace rescind

#endif  // RESCIND_DOMAIN_PASSKEY_H_
