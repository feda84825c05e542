// A passkey: a WebAuthn credential with which a user signs in, as the server remembers it.
#ifndef RESCIND_DOMAIN_PASSKEY_H_
#define RESCIND_DOMAIN_PASSKEY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace rescind {

// Whether the passkey may be copied to other devices of its user (W3C WebAuthn Level 3 section 6.1.3): fixed at its creation.
enum class BackupEligibility : std::uint8_t { kSingleDevice, kMultiDevice };

// Whether it is copied at present: as of the last sign-in.
enum class BackupState : std::uint8_t { kNotBackedUp, kBackedUp };

// Made by the authenticator: kMin… to kMaxPasskeyIdBytes bytes, unique among the passkeys of all users.
using PasskeyId = std::vector<std::uint8_t>;

struct Passkey {
  PasskeyId id;
  std::vector<std::uint8_t> public_key;  // COSE_Key (RFC 9052 section 7), as the authenticator wrote it
  std::uint32_t sign_count = 0;          // 0 where the authenticator does not count
  BackupEligibility backup_eligibility = BackupEligibility::kSingleDevice;
  BackupState backup_state = BackupState::kNotBackedUp;
  std::vector<std::string> transports;    // "internal", "hybrid", "usb", …: hints for the browser, not signed by anyone
  std::array<std::uint8_t, 16> aaguid{};  // the model of the authenticator, unproven; zero where it does not say
  bool operator==(const Passkey&) const = default;
};

// As its user sees it.
struct UserPasskey {
  Passkey passkey;
  UserId user;
  std::string name;  // given by the user, at most kMaxPasskeyNameBytes
  WallTime created_at;
  std::optional<WallTime> last_used_at = std::nullopt;
  bool operator==(const UserPasskey&) const = default;
};

inline constexpr std::size_t kMaxPasskeyNameBytes = 100;
inline constexpr std::size_t kMaxPasskeysPerUser = 20;

inline constexpr std::size_t kMinPasskeyIdBytes = 16;    // WebAuthn Level 3 section 4, "Credential ID"
inline constexpr std::size_t kMaxPasskeyIdBytes = 1023;  // WebAuthn Level 3 section 7.1 step 25

}  // namespace rescind

#endif  // RESCIND_DOMAIN_PASSKEY_H_
