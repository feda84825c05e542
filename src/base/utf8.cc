#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace rescind {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode's White_Space and default-ignorable format characters.
constexpr Range kBlank[] = {
    {0x09, 0x0d},     {0x20, 0x20},     {0x85, 0x85},     {0xa0, 0xa0},       {0xad, 0xad},     {0x034f, 0x034f},
    {0x061c, 0x061c}, {0x115f, 0x1160}, {0x1680, 0x1680}, {0x17b4, 0x17b5},   {0x180b, 0x180f}, {0x2000, 0x200f},
    {0x2028, 0x202f}, {0x205f, 0x206f}, {0x2800, 0x2800}, {0x3000, 0x3000},   {0x3164, 0x3164}, {0xfe00, 0xfe0f},
    {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0xe0000, 0xe0fff},
};

struct Form {
  std::size_t length;
  std::uint32_t lead_bits;
  char32_t least;  // below it the form is overlong
};

std::optional<Form> form_of(std::uint8_t lead) {
  if (lead < 0x80) return Form{1, lead, 0};
  if (lead >= 0xc2 && lead <= 0xdf) return Form{2, lead & 0x1fu, 0x80};
  if (lead >= 0xe0 && lead <= 0xef) return Form{3, lead & 0x0fu, 0x800};
  if (lead >= 0xf0 && lead <= 0xf4) return Form{4, lead & 0x07u, 0x10000};
  return std::nullopt;
}

}  // namespace

std::optional<char32_t> take_code_point(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  const auto form = form_of(static_cast<std::uint8_t>(rest.front()));
  if (!form || rest.size() < form->length) return std::nullopt;
  char32_t code_point = form->lead_bits;
  for (std::size_t i = 1; i < form->length; ++i) {
    const auto byte = static_cast<std::uint8_t>(rest[i]);
    if ((byte & 0xc0) != 0x80) return std::nullopt;
    code_point = code_point << 6 | (byte & 0x3fu);
  }
  const bool is_surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point < form->least || code_point > 0x10ffff || is_surrogate) return std::nullopt;
  rest.remove_prefix(form->length);
  return code_point;
}

bool is_control(char32_t code_point) { return code_point < 0x20 || (code_point >= 0x7f && code_point <= 0x9f); }

bool is_blank(char32_t code_point) {
  return std::any_of(std::begin(kBlank), std::end(kBlank),
                     [&](const Range& range) { return code_point >= range.first && code_point <= range.last; });
}

}  // namespace rescind
