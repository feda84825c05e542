// The grammar of a request head (RFC 9110 section 5, RFC 9112 sections 3 to 5) as predicates over bytes. Where the RFC lets
// a recipient be lenient, these are not: two parsers that read one message differently are how requests are smuggled.
#ifndef RESCIND_WIRE_HEAD_RULES_H_
#define RESCIND_WIRE_HEAD_RULES_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace rescind {

// "/" and then visible ASCII without "#".
bool is_origin_form(std::string_view text);

// A name, an IPv4 address or a bracketed IPv6 address, with an optional port of 1 to 5 digits. Narrower than RFC 3986:
// no percent-encoding and no sub-delims, which no host has.
bool is_host(std::string_view text);

// Decimal digits only, saturating at the largest value. Absent where `text` is anything else.
std::optional<std::uint64_t> parse_content_length(std::string_view text);

// Tokens with commas between them; elements may be empty (RFC 9110 section 5.6.1).
bool is_token_list(std::string_view text);

// `lower` stands in the comma-separated list `text`.
bool list_contains(std::string_view text, std::string_view lower);

// Without the spaces and tabs around it.
constexpr std::string_view trim_white_space(std::string_view text) {
  const auto is_white = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace rescind

#endif  // RESCIND_WIRE_HEAD_RULES_H_
