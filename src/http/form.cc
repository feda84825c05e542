#include "http/form.h"

#include "base/field_rules.h"

namespace rescind {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { kIsSpace, kIsPlus };

std::optional<std::string> decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(text[i] == '+' && plus == Plus::kIsSpace ? ' ' : text[i]);
    }
  }
  return out;
}

constexpr ByteSet kUnreserved = alphanumeric_and("-._~");

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) { return decode(text, Plus::kIsPlus); }

std::optional<FormFields> parse_form(std::string_view text) {
  FormFields fields;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    std::optional<std::string> name = decode(pair.substr(0, equals), Plus::kIsSpace);
    std::optional<std::string> value =
        decode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), Plus::kIsSpace);
    if (!name || !value || name->empty() || fields.size() == kMaxFormFields) return std::nullopt;
    if (name->find('\0') != std::string::npos || value->find('\0') != std::string::npos) return std::nullopt;
    fields.emplace_back(std::move(*name), std::move(*value));
  }
  return fields;
}

void append_percent_encoded(std::string& output, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && contains(kUnreserved, text[plain])) ++plain;
    output.append(text.substr(0, plain));
    if (plain == text.size()) return;
    const auto byte = static_cast<unsigned char>(text[plain]);
    output.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    text.remove_prefix(plain + 1);
  }
}

}  // namespace rescind
