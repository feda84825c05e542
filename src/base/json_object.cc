#include "base/json_object.h"

#include <cstring>
#include <utility>

namespace rescind {
namespace {

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// How many bytes from `begin` on, in eights, need none. Each term has a byte's highest bit set where, from the right, the
// first byte is below 0x20, a quote, or a backslash.
std::size_t plain_eights(std::string_view text, std::size_t begin) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = kOnes << 7;
  std::size_t end = begin;
  for (; end + 8 <= text.size(); end += 8) {
    std::uint64_t bytes;
    std::memcpy(&bytes, text.data() + end, sizeof bytes);
    const std::uint64_t quotes = bytes ^ (kOnes * '"');
    const std::uint64_t backslashes = bytes ^ (kOnes * '\\');
    const std::uint64_t found =
        ((bytes - kOnes * 0x20) & ~bytes) | ((quotes - kOnes) & ~quotes) | ((backslashes - kOnes) & ~backslashes);
    if ((found & kHighs) != 0) break;
  }
  return end - begin;
}

}  // namespace

void append_json_string(std::string& output, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  output.push_back('"');
  std::size_t begin = 0;  // of what is not yet written
  for (std::size_t i = plain_eights(text, 0); i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    output.append(text.substr(begin, i - begin));
    begin = i + 1;
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20) {
      output.append("\\u00").append({kDigits[byte >> 4], kDigits[byte & 15]});
    } else {
      output.append({'\\', text[i]});
    }
  }
  output.append(text.substr(begin)).push_back('"');
}

void JsonObject::add(std::string_view name, std::string_view text) {
  begin(name);
  append_json_string(text_, text);
}

void JsonObject::add(std::string_view name, std::int64_t number) {
  begin(name);
  text_ += std::to_string(number);
}

void JsonObject::add(std::string_view name, std::span<const std::string> texts) {
  begin(name);
  text_ += '[';
  for (const std::string& text : texts) {
    if (&text != &texts.front()) text_ += ',';
    append_json_string(text_, text);
  }
  text_ += ']';
}

void JsonObject::add(std::string_view name, JsonObject object) {
  begin(name);
  text_ += std::move(object).finish();
}

void JsonObject::add(std::string_view name, std::span<JsonObject> objects) {
  begin(name);
  text_ += '[';
  for (JsonObject& object : objects) {
    if (&object != &objects.front()) text_ += ',';
    text_ += std::move(object).finish();
  }
  text_ += ']';
}

void JsonObject::add_truth(std::string_view name, bool truth) {
  begin(name);
  text_ += truth ? "true" : "false";
}

void JsonObject::add_members(std::string_view members) {
  if (members.empty()) return;
  text_ += text_.empty() ? '{' : ',';
  text_ += members;
}

std::string JsonObject::finish() && {
  text_ += text_.empty() ? "{}" : "}";
  return std::move(text_);
}

void JsonObject::begin(std::string_view name) {
  text_ += text_.empty() ? "{\"" : ",\"";
  text_.append(name).append("\":");
}

}  // namespace rescind
