// For tests only: CBOR (RFC 8949) written piece by piece, so that a test can write what no library would.
#ifndef RESCIND_WEBAUTHN_TESTING_CBOR_TEXT_H_
#define RESCIND_WEBAUTHN_TESTING_CBOR_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rescind::testing {

// Big-endian.
std::string big_endian(std::uint64_t number, std::size_t bytes);

// The shortest head of this major type, 0 to 7.
std::string cbor_head(unsigned major_type, std::uint64_t argument);

std::string cbor_integer(std::int64_t number);
std::string cbor_bytes(std::string_view bytes);
std::string cbor_text(std::string_view text);
std::string cbor_array(const std::vector<std::string>& elements);
std::string cbor_map(const std::vector<std::pair<std::string, std::string>>& members);

}  // namespace rescind::testing

#endif  // RESCIND_WEBAUTHN_TESTING_CBOR_TEXT_H_
