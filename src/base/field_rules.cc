#include "base/field_rules.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace rescind {
namespace {

using Block = unsigned char __attribute__((vector_size(16)));
using HalfBlock = unsigned char __attribute__((vector_size(8)));

bool is_field_value_byte(unsigned char byte) { return (byte >= 0x20 && byte != 0x7F) || byte == '\t'; }

// Not zero where one of the bytes is not allowed.
template <class Bytes>
Bytes refused_in(const char* text) {
  Bytes bytes;
  std::memcpy(&bytes, text, sizeof bytes);
  return reinterpret_cast<Bytes>(((bytes < 0x20) & (bytes != '\t')) | (bytes == 0x7F));
}

template <class Bytes>
bool is_zero(Bytes bytes) {
  std::array<std::uint64_t, sizeof(Bytes) / 8> words;
  std::memcpy(words.data(), &bytes, sizeof bytes);
  return std::ranges::all_of(words, [](std::uint64_t word) { return word == 0; });
}

// So many bytes at a time; the last ones may overlap those before them. Precondition: not fewer.
template <class Bytes>
bool all_allowed(std::string_view text) {
  const char* at = text.data();
  const char* const last = at + text.size() - sizeof(Bytes);
  Bytes refused = refused_in<Bytes>(last);
  for (; at < last; at += sizeof(Bytes)) refused |= refused_in<Bytes>(at);
  return is_zero(refused);
}

}  // namespace

bool is_field_value(std::string_view text) {
  if (text.size() >= sizeof(Block)) return all_allowed<Block>(text);
  if (text.size() >= sizeof(HalfBlock)) return all_allowed<HalfBlock>(text);
  return std::ranges::all_of(text, [](char c) { return is_field_value_byte(static_cast<unsigned char>(c)); });
}

}  // namespace rescind
