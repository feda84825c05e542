// What may stand in a header field (RFC 9110 sections 5.1 and 5.5), as predicates over bytes.
#ifndef RESCIND_BASE_FIELD_RULES_H_
#define RESCIND_BASE_FIELD_RULES_H_

#include <array>
#include <cstddef>
#include <string_view>

namespace rescind {

using ByteSet = std::array<bool, 256>;

constexpr ByteSet alphanumeric_and(std::string_view more) {
  ByteSet set{};
  for (unsigned c = '0'; c <= '9'; ++c) set[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) set[c] = set[c - 'a' + 'A'] = true;
  for (const char c : more) set[static_cast<unsigned char>(c)] = true;
  return set;
}

constexpr bool contains(const ByteSet& set, char c) { return set[static_cast<unsigned char>(c)]; }

// How many bytes of the set `text` begins with.
constexpr std::size_t count_leading(const ByteSet& set, std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end && contains(set, *at)) ++at;
  return static_cast<std::size_t>(at - text.data());
}

constexpr bool all_in(const ByteSet& set, std::string_view text) { return count_leading(set, text) == text.size(); }

inline constexpr ByteSet kTokenBytes = alphanumeric_and("!#$%&'*+-.^_`|~");

// One or more token characters: a method or a field name.
constexpr bool is_token(std::string_view text) { return !text.empty() && all_in(kTokenBytes, text); }

constexpr char to_lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// ASCII only, as field names and schemes are compared (RFC 9110 section 5.1).
constexpr bool equal_without_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (to_lower_case(a[i]) != to_lower_case(b[i])) return false;
  }
  return true;
}

// Only visible ASCII, space, tab and bytes above 0x7F. Empty is fine.
bool is_field_value(std::string_view text);

}  // namespace rescind

#endif  // RESCIND_BASE_FIELD_RULES_H_
