// Text that only a holder of the master secret can read, and that nobody else can alter.
//
// AES-256-GCM. Key and nonce are HKDF-SHA256 (RFC 5869) of the master secret with a fresh random salt, so that no pair of them
// comes twice.
#ifndef RESCIND_TOKEN_SEALED_TEXT_H_
#define RESCIND_TOKEN_SEALED_TEXT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/secret.h"

namespace rescind {

// It is no password: there is no slow hash between it and the key.
inline constexpr std::size_t kMinMasterSecretBytes = 32;
inline constexpr std::size_t kSealSaltBytes = 32;
inline constexpr std::size_t kSealTagBytes = 16;

// salt ‖ ciphertext ‖ tag. Precondition: `master` has at least kMinMasterSecretBytes.
std::vector<std::uint8_t> seal(const Secret& text, const Secret& master, Random& random);

// Absent where it was not sealed with this secret, or altered since.
std::optional<Secret> unseal(std::span<const std::uint8_t> sealed, const Secret& master);

}  // namespace rescind

#endif  // RESCIND_TOKEN_SEALED_TEXT_H_
