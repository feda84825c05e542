#include "wire/head_rules.h"

#include <algorithm>
#include <limits>

#include "base/field_rules.h"

namespace rescind {
namespace {

constexpr ByteSet kHostNameBytes = alphanumeric_and("-._~");

constexpr ByteSet visible_except_hash() {
  ByteSet set{};
  for (unsigned c = 0x21; c <= 0x7E; ++c) set[c] = c != '#';
  return set;
}
constexpr ByteSet kTargetBytes = visible_except_hash();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

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

}  // namespace

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

bool is_token_list(std::string_view text) {
  while (!text.empty()) {
    const std::string_view element = trim_white_space(take_element(text));
    if (!element.empty() && !is_token(element)) return false;
  }
  return true;
}

bool list_contains(std::string_view text, std::string_view lower) {
  while (!text.empty()) {
    if (equal_without_case(trim_white_space(take_element(text)), lower)) return true;
  }
  return false;
}

}  // namespace rescind
