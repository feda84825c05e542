#include "wire/head_rules.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace rescind {
namespace {

using ByteSet = std::array<bool, 256>;

constexpr void add(ByteSet& set, std::string_view bytes) {
  for (const char c : bytes) set[static_cast<unsigned char>(c)] = true;
}

constexpr ByteSet alphanumeric_and(std::string_view more) {
  ByteSet set{};
  for (unsigned c = '0'; c <= '9'; ++c) set[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) set[c] = set[c - 'a' + 'A'] = true;
  add(set, more);
  return set;
}

constexpr ByteSet kTokenBytes = alphanumeric_and("!#$%&'*+-.^_`|~");
constexpr ByteSet kHostNameBytes = alphanumeric_and("-._~");

constexpr ByteSet visible_except_hash() {
  ByteSet set{};
  for (unsigned c = 0x21; c <= 0x7E; ++c) set[c] = c != '#';
  return set;
}
constexpr ByteSet kTargetBytes = visible_except_hash();

bool contains(const ByteSet& set, char c) { return set[static_cast<unsigned char>(c)]; }

bool all_in(const ByteSet& set, std::string_view text) {
  for (const char c : text) {
    if (!contains(set, c)) return false;
  }
  return true;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

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

// Inside the brackets. Not the whole grammar: nothing here is resolved, the bytes must only be harmless.
bool is_ipv6_text(std::string_view text) {
  constexpr std::string_view kBytes = "0123456789abcdefABCDEF:.";
  return text.size() >= 2 && text.size() <= 45 && text.find(':') != text.npos && text.find_first_not_of(kBytes) == text.npos;
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit);
}

// Cuts the first element of a comma-separated list off.
std::string_view take_element(std::string_view& list) {
  const std::size_t comma = list.find(',');
  const std::string_view element = list.substr(0, comma);
  list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
  return element;
}

char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_token_char(char c) { return contains(kTokenBytes, c); }

bool is_token(std::string_view text) { return !text.empty() && all_in(kTokenBytes, text); }

bool is_field_value(std::string_view text) {
  while (text.size() >= 8) {
    if (!eight_plain_bytes(text.data()) && !std::all_of(text.begin(), text.begin() + 8, is_field_value_byte)) return false;
    text.remove_prefix(8);
  }
  return std::all_of(text.begin(), text.end(), is_field_value_byte);
}

bool is_origin_form(std::string_view text) { return !text.empty() && text.front() == '/' && all_in(kTargetBytes, text); }

bool is_host(std::string_view text) {
  std::string_view after;
  if (!text.empty() && text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == text.npos || !is_ipv6_text(text.substr(1, close - 1))) return false;
    after = text.substr(close + 1);
  } else {
    const std::string_view name = text.substr(0, text.find(':'));
    if (name.empty() || name.size() > 255 || !all_in(kHostNameBytes, name)) return false;
    after = text.substr(name.size());
  }
  return after.empty() || (after.front() == ':' && is_port(after.substr(1)));
}

std::optional<std::uint64_t> parse_content_length(std::string_view text) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    value = value > (kMax - digit) / 10 ? kMax : value * 10 + digit;
  }
  return value;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() &&
         std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) { return lower_case(a) == b; });
}

bool is_token_list(std::string_view text) {
  while (!text.empty()) {
    const std::string_view element = trim_white_space(take_element(text));
    if (!element.empty() && !is_token(element)) return false;
  }
  return true;
}

bool list_contains(std::string_view text, std::string_view lower) {
  while (!text.empty()) {
    if (equals_ignoring_case(trim_white_space(take_element(text)), lower)) return true;
  }
  return false;
}

std::string_view trim_white_space(std::string_view text) {
  const auto is_white = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace rescind
