#include "base/field_rules.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace rescind {
namespace {

bool is_field_value_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7F) || byte == '\t';
}

// True where none of the eight bytes is below 0x20 or equal to 0x7F.
bool eight_plain_bytes(const char* bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHigh = 0x8080808080808080;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const std::uint64_t below_space = (word - kOnes * 0x20) & ~word & kHigh;
  const std::uint64_t flipped = word ^ (kOnes * 0x7F);
  const std::uint64_t is_delete = (flipped - kOnes) & ~flipped & kHigh;
  return (below_space | is_delete) == 0;
}

}  // namespace

// Eight bytes at a time; the last eight may overlap those before them.
bool is_field_value(std::string_view text) {
  const auto all_allowed = [](const char* from, const char* to) {
    return std::all_of(from, to, [](char c) { return is_field_value_byte(c); });
  };
  const char* at = text.data();
  const char* const end = at + text.size();
  if (text.size() < 8) return all_allowed(at, end);
  for (; end - at >= 8; at += 8) {
    if (!eight_plain_bytes(at) && !all_allowed(at, at + 8)) return false;
  }
  return at == end || eight_plain_bytes(end - 8) || all_allowed(at, end);
}

}  // namespace rescind
