#include "rescind/base64url.h"

#include <array>
#include <cassert>

#include "verify/base64url_wide.h"

namespace rescind {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint32_t kNotInAlphabet = 0x80000000;  // no bit of 24

// A character's value for each of the four places that it may have in a group of 24 bits.
using Values = std::array<std::array<std::uint32_t, 256>, 4>;
constexpr Values kValues = [] {
  Values values{};
  for (std::size_t place = 0; place < 4; ++place) {
    values[place].fill(kNotInAlphabet);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
      values[place][static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint32_t>(i) << (18 - 6 * place);
    }
  }
  return values;
}();

std::uint32_t value_at(std::size_t place, char c) { return kValues[place][static_cast<std::uint8_t>(c)]; }

}  // namespace

std::string base64url_encode(std::span<const std::uint8_t> bytes) {
  std::string text((bytes.size() * 4 + 2) / 3, '\0');
  const std::size_t rest = bytes.size() % 3;
  const std::uint8_t* from = bytes.data();
  const std::uint8_t* const end = from + (bytes.size() - rest);
  char* out = text.data();
  for (; from != end; from += 3, out += 4) {
    const std::uint32_t group = std::uint32_t{from[0]} << 16 | std::uint32_t{from[1]} << 8 | from[2];
    out[0] = kAlphabet[group >> 18];
    out[1] = kAlphabet[group >> 12 & 63];
    out[2] = kAlphabet[group >> 6 & 63];
    out[3] = kAlphabet[group & 63];
  }
  if (rest > 0) {
    const std::uint32_t group = std::uint32_t{from[0]} << 16 | (rest == 2 ? std::uint32_t{from[1]} << 8 : 0);
    out[0] = kAlphabet[group >> 18];
    out[1] = kAlphabet[group >> 12 & 63];
    if (rest == 2) out[2] = kAlphabet[group >> 6 & 63];
  }
  return text;
}

bool base64url_decode_to(std::string_view text, std::span<std::uint8_t> to) {
  assert(to.size() == base64url_decoded_size(text.size()));
  const std::size_t rest = text.size() % 4;
  if (rest == 1) return false;
  const std::size_t done = base64url_decode_groups(text, to.data());
  const char* from = text.data() + done;
  const char* const end = text.data() + (text.size() - rest);
  std::uint8_t* out = to.data() + base64url_decoded_size(done);
  std::uint32_t seen = 0;
  for (; from != end; from += 4, out += 3) {
    const std::uint32_t group = value_at(0, from[0]) | value_at(1, from[1]) | value_at(2, from[2]) | value_at(3, from[3]);
    seen |= group;
    out[0] = static_cast<std::uint8_t>(group >> 16);
    out[1] = static_cast<std::uint8_t>(group >> 8);
    out[2] = static_cast<std::uint8_t>(group);
  }
  // Unused bits must be zero: otherwise up to 16 texts stand for the same bytes.
  std::uint32_t unused = 0;
  if (rest == 2) {
    const std::uint32_t group = value_at(0, from[0]) | value_at(1, from[1]);
    seen |= group;
    unused = group & 0xffff;
    out[0] = static_cast<std::uint8_t>(group >> 16);
  } else if (rest == 3) {
    const std::uint32_t group = value_at(0, from[0]) | value_at(1, from[1]) | value_at(2, from[2]);
    seen |= group;
    unused = group & 0xff;
    out[0] = static_cast<std::uint8_t>(group >> 16);
    out[1] = static_cast<std::uint8_t>(group >> 8);
  }
  if (unused != 0) return false;
  return (seen & kNotInAlphabet) == 0;
}

std::optional<std::vector<std::uint8_t>> base64url_decode(std::string_view text) {
  std::vector<std::uint8_t> bytes(base64url_decoded_size(text.size()));
  if (!base64url_decode_to(text, bytes)) return std::nullopt;
  return bytes;
}

}  // namespace rescind
