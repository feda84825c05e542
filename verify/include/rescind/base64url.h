// Base64url without padding (RFC 4648 section 5, RFC 7515 section 2), strict.
//
// Exactly one text decodes to given bytes: padding, the other alphabet, white space, a length of 1 modulo 4 and non-zero
// unused bits are refused. A lax decoder gives one signed token several texts, and a revocation that meets only one of
// them (RFC 4648 section 3.5).
#ifndef RESCIND_BASE64URL_H_
#define RESCIND_BASE64URL_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rescind {

std::string base64url_encode(std::span<const std::uint8_t> bytes);

// Absent where `text` is not the canonical encoding of anything.
std::optional<std::vector<std::uint8_t>> base64url_decode(std::string_view text);

}  // namespace rescind

#endif  // RESCIND_BASE64URL_H_
