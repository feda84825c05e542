// Base64url without padding (RFC 4648 section 5, RFC 7515 section 2), strict.
//
// Exactly one text decodes to given bytes: padding, the other alphabet, white space, a length of 1 modulo 4 and non-zero
// unused bits are refused. A lax decoder gives one signed token several texts, and a revocation that meets only one of
// them (RFC 4648 section 3.5).
#ifndef RESCIND_BASE64URL_H_
#define RESCIND_BASE64URL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rescind {

std::string base64url_encode(std::span<const std::uint8_t> bytes);

// How many bytes `characters` of canonical text stand for.
constexpr std::size_t base64url_decoded_size(std::size_t characters) { return characters * 3 / 4; }

// Into the caller's storage of exactly base64url_decoded_size(text.size()) bytes. False where `text` is not the canonical
// encoding of anything; `to` then holds nothing that means anything.
[[nodiscard]] bool base64url_decode_to(std::string_view text, std::span<std::uint8_t> to);

// The same into storage of its own; absent where `text` is not canonical.
std::optional<std::vector<std::uint8_t>> base64url_decode(std::string_view text);

}  // namespace rescind

#endif  // RESCIND_BASE64URL_H_
