#include "cli/table.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "base/utf8.h"

namespace rescind {
namespace {

constexpr std::size_t kGap = 2;

bool is_harmful(char32_t code_point) { return code_point != U' ' && (is_control(code_point) || is_blank(code_point)); }

template <class Number>
std::string spell(const char* format, Number number) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, static_cast<unsigned>(number));
  return text.data();
}

std::string json_escape(char32_t code_point) {
  if (code_point < 0x10000) return spell("\\u%04x", code_point);
  const char32_t rest = code_point - 0x10000;
  return spell("\\u%04x", 0xd800 + (rest >> 10)) + spell("\\u%04x", 0xdc00 + (rest & 0x3ff));
}

// In code points: near enough for names, and a wide letter only shifts its own line.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::string make_harmless(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view before = text;
    const auto code_point = take_code_point(text);
    if (!code_point) {
      out += spell("\\x{%02x}", static_cast<std::uint8_t>(text.front()));
      text.remove_prefix(1);
    } else if (is_harmful(*code_point)) {
      out += spell("\\u{%02x}", *code_point);
    } else {
      out += before.substr(0, before.size() - text.size());
    }
  }
  return out;
}

std::string make_json_harmless(std::string_view json) {
  std::string out;
  while (!json.empty()) {
    const std::string_view before = json;
    const auto code_point = take_code_point(json);
    assert(code_point);
    const bool is_structure = *code_point < 0x20;  // within a string JSON itself forbids these
    if (is_harmful(*code_point) && !is_structure) {
      out += json_escape(*code_point);
    } else {
      out += before.substr(0, before.size() - json.size());
    }
  }
  return out;
}

void Table::add_row(std::vector<std::string> cells) {
  assert(widths_.empty() || cells.size() == widths_.size());
  widths_.resize(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = make_harmless(cells[i]);
    widths_[i] = std::max(widths_[i], width_of(cells[i]));
  }
  rows_.push_back(std::move(cells));
}

void Table::print(std::ostream& out) {
  for (const std::vector<std::string>& cells : rows_) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      out << cells[i];
      if (i + 1 < cells.size()) out << std::string(widths_[i] - width_of(cells[i]) + kGap, ' ');
    }
    out << "\n";
  }
  rows_.clear();
}

}  // namespace rescind
