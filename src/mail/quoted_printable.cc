#include "mail/quoted_printable.h"

#include <algorithm>

namespace rescind {
namespace {

constexpr std::size_t kMaxLine = 76;
constexpr std::size_t kMaxPlainField = 60;
constexpr std::string_view kWordBegin = "=?UTF-8?Q?";
constexpr std::string_view kWordEnd = "?=";
constexpr std::size_t kMaxWord = 75;  // RFC 2047 section 2

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

std::string escaped(char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'=', kHex[byte >> 4], kHex[byte & 15]};
}

// One line, without its end, as as many lines as it takes.
void append_line(std::string_view line, std::string& out) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool is_last = i + 1 == line.size();
    const bool is_blank = c == ' ' || c == '\t';
    const bool is_plain = (c > ' ' && c <= '~' && c != '=') || (is_blank && !is_last);
    const std::string piece = is_plain ? std::string(1, c) : escaped(c);
    if (width + piece.size() > kMaxLine - 1) {
      out += "=\r\n";
      width = 0;
    }
    out += piece;
    width += piece.size();
  }
  out += "\r\n";
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

std::string encode_quoted_printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    append_line(line, out);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string encode_field_text(std::string_view text) {
  const bool is_plain = text.size() <= kMaxPlainField && text.find("=?") == std::string_view::npos &&
                        std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (is_plain) return std::string(text);
  std::string out(kWordBegin);
  std::size_t width = kWordBegin.size();
  while (!text.empty()) {
    // A character of several bytes stands in one word (RFC 2047 section 5).
    std::size_t length = 1;
    while (length < text.size() && length < 4 && continues_character(text[length])) ++length;
    std::string piece;
    for (const char c : text.substr(0, length))
      piece += is_letter_or_digit(c) ? std::string(1, c) : c == ' ' ? "_" : escaped(c);
    if (width + piece.size() + kWordEnd.size() > kMaxWord) {
      out.append(kWordEnd).append("\r\n ").append(kWordBegin);
      width = kWordBegin.size();
    }
    out += piece;
    width += piece.size();
    text.remove_prefix(length);
  }
  return out.append(kWordEnd);
}

}  // namespace rescind
