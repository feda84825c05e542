#include "base/field_rules.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace rescind {
namespace {

constexpr std::size_t kBlock = 16;
using Block = unsigned char __attribute__((vector_size(kBlock)));

bool is_field_value_byte(unsigned char byte) { return (byte >= 0x20 && byte != 0x7F) || byte == '\t'; }

// Not zero where one of the sixteen bytes is not allowed.
Block refused_in(const char* bytes) {
  Block block;
  std::memcpy(&block, bytes, kBlock);
  return reinterpret_cast<Block>(((block < 0x20) & (block != '\t')) | (block == 0x7F));
}

bool is_zero(Block block) {
  std::array<std::uint64_t, 2> words;
  std::memcpy(words.data(), &block, kBlock);
  return (words[0] | words[1]) == 0;
}

}  // namespace

// Sixteen bytes at a time; the last sixteen may overlap those before them.
bool is_field_value(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  if (text.size() < kBlock) {
    return std::all_of(at, end, [](char c) { return is_field_value_byte(static_cast<unsigned char>(c)); });
  }
  Block refused = refused_in(end - kBlock);
  for (; end - at >= static_cast<std::ptrdiff_t>(kBlock); at += kBlock) refused |= refused_in(at);
  return is_zero(refused);
}

}  // namespace rescind
