#include "webauthn/ecdsa_signature.h"

#include <algorithm>

namespace rescind {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kInteger = 0x02;
constexpr std::size_t kScalarBytes = 32;
// Two integers of 33 bytes with their heads: every length is below 128 and stands in one byte.
constexpr std::size_t kMaxDerBytes = 2 + 2 * (2 + kScalarBytes + 1);

// The integer at the front of `rest`, right-aligned in `out`.
bool take_integer(Bytes& rest, std::span<std::uint8_t> out) {
  if (rest.size() < 3 || rest[0] != kInteger || rest[1] == 0 || rest[1] > rest.size() - 2) return false;
  Bytes number = rest.subspan(2, rest[1]);
  rest = rest.subspan(2 + number.size());
  if (number[0] >= 0x80) return false;  // negative
  if (number[0] == 0 && number.size() > 1) {
    if (number[1] < 0x80) return false;  // a zero byte that the sign does not need
    number = number.subspan(1);
  }
  if (number.size() > out.size()) return false;
  std::ranges::copy(number, out.end() - static_cast<std::ptrdiff_t>(number.size()));
  return true;
}

}  // namespace

std::optional<EcdsaSignature> parse_ecdsa_signature(Bytes der) {
  if (der.size() < 2 || der.size() > kMaxDerBytes || der[0] != kSequence || der[1] != der.size() - 2) return std::nullopt;
  Bytes rest = der.subspan(2);
  EcdsaSignature signature{};
  const std::span<std::uint8_t> out(signature);
  if (!take_integer(rest, out.first(kScalarBytes)) || !take_integer(rest, out.last(kScalarBytes)) || !rest.empty()) {
    return std::nullopt;
  }
  return signature;
}

}  // namespace rescind
