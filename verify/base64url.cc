#include "rescind/base64url.h"

#include <array>

namespace rescind {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNotInAlphabet = 0xff;

constexpr std::array<std::uint8_t, 256> kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNotInAlphabet);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

}  // namespace

std::string base64url_encode(std::span<const std::uint8_t> bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  int pending = 0;  // bits not yet written
  for (const std::uint8_t byte : bytes) {
    bits = bits << 8 | byte;
    pending += 8;
    while (pending >= 6) {
      pending -= 6;
      text.push_back(kAlphabet[bits >> pending & 63]);
    }
  }
  if (pending > 0) text.push_back(kAlphabet[bits << (6 - pending) & 63]);
  return text;
}

std::optional<std::vector<std::uint8_t>> base64url_decode(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int pending = 0;
  for (const char c : text) {
    const std::uint8_t value = kValues[static_cast<std::uint8_t>(c)];
    if (value == kNotInAlphabet) return std::nullopt;
    bits = bits << 6 | value;
    pending += 6;
    if (pending >= 8) {
      pending -= 8;
      bytes.push_back(static_cast<std::uint8_t>(bits >> pending));
    }
  }
  // Unused bits must be zero: otherwise up to 16 texts stand for the same bytes.
  if ((bits & ((1u << pending) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace rescind
