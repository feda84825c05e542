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

// The first byte that `raw` spells, taken off it. Absent where a "%" is not followed by two hex digits. Precondition: not
// empty.
std::optional<char> take_byte(std::string_view& raw, Plus plus) {
  const char first = raw.front();
  if (first != '%') {
    raw.remove_prefix(1);
    return first == '+' && plus == Plus::kIsSpace ? ' ' : first;
  }
  if (raw.size() < 3) return std::nullopt;
  const int high = hex_value(raw[1]);
  const int low = hex_value(raw[2]);
  if (high < 0 || low < 0) return std::nullopt;
  raw.remove_prefix(3);
  return static_cast<char>(high * 16 + low);
}

std::optional<std::string> decode(std::string_view raw, Plus plus) {
  std::string out;
  out.reserve(raw.size());
  while (!raw.empty()) {
    const std::optional<char> byte = take_byte(raw, plus);
    if (!byte) return std::nullopt;
    out.push_back(*byte);
  }
  return out;
}

// Every byte is spelt well, and none is NUL.
bool is_sound_text(std::string_view raw) {
  while (!raw.empty()) {
    const std::optional<char> byte = take_byte(raw, Plus::kIsSpace);
    if (!byte || *byte == '\0') return false;
  }
  return true;
}

constexpr ByteSet kUnreserved = alphanumeric_and("-._~");

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) { return decode(text, Plus::kIsPlus); }

bool spells(std::string_view raw, std::string_view text) {
  while (!raw.empty() && !text.empty()) {
    if (take_byte(raw, Plus::kIsSpace) != text.front()) return false;
    text.remove_prefix(1);
  }
  return raw.empty() && text.empty();
}

std::optional<RawField> RawFormFields::next() {
  while (!rest_.empty()) {
    const std::size_t end = rest_.find('&');
    const std::string_view pair = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    is_sound_ = !name.empty() && is_sound_text(name) && is_sound_text(value) && ++fields_ <= kMaxFormFields;
    if (is_sound_) return RawField{name, value};
    rest_ = {};
  }
  return std::nullopt;
}

std::optional<FormFields> parse_form(std::string_view text) {
  FormFields fields;
  RawFormFields raw(text);
  while (const std::optional<RawField> field = raw.next()) {
    fields.emplace_back(*decode(field->name, Plus::kIsSpace), *decode(field->value, Plus::kIsSpace));
  }
  if (!raw.is_sound()) return std::nullopt;
  return fields;
}

void append_percent_encoded(std::string& output, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (;;) {
    const std::size_t plain = count_leading(kUnreserved, text);
    output.append(text.substr(0, plain));
    if (plain == text.size()) return;
    const auto byte = static_cast<unsigned char>(text[plain]);
    output.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    text.remove_prefix(plain + 1);
  }
}

}  // namespace rescind
