// The DER of an ECDSA signature on P-256 (RFC 3279 section 2.2.3), as r || s (RFC 7518 section 3.4).
#ifndef RESCIND_WEBAUTHN_ECDSA_SIGNATURE_H_
#define RESCIND_WEBAUTHN_ECDSA_SIGNATURE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace rescind {

using EcdsaSignature = std::array<std::uint8_t, 64>;

// Absent where `der` is not the one encoding (X.690 section 10) of two non-negative integers of at most 32 bytes.
std::optional<EcdsaSignature> parse_ecdsa_signature(std::span<const std::uint8_t> der);

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_ECDSA_SIGNATURE_H_
