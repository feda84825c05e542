// The fast part of base64url decoding: 32 characters at a time, where the processor can (AVX2).
#ifndef RESCIND_VERIFY_BASE64URL_WIDE_H_
#define RESCIND_VERIFY_BASE64URL_WIDE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rescind {

// Decodes every whole group of four characters and returns how many characters they are; 0 where nothing counts as decoded:
// the text is shorter than 32, one of those characters is not in the alphabet, or the processor has no AVX2. Writes nothing
// behind the bytes of whole groups. What is left, and every refusal, is the caller's. Thread-safe.
std::size_t base64url_decode_groups(std::string_view text, std::uint8_t* to);

}  // namespace rescind

#endif  // RESCIND_VERIFY_BASE64URL_WIDE_H_
