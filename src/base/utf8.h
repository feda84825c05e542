// UTF-8 (RFC 3629), strict: no overlong form, no surrogate, nothing above U+10FFFF.
#ifndef RESCIND_BASE_UTF8_H_
#define RESCIND_BASE_UTF8_H_

#include <optional>
#include <string_view>

namespace rescind {

// Takes one code point off the front of `rest`. Absent, and `rest` as it was, where `rest` does not begin with one or is
// empty.
std::optional<char32_t> take_code_point(std::string_view& rest);

// C0, DEL and C1.
bool is_control(char32_t code_point);

// White space of any kind, and what cannot be seen: zero-width, direction and other format characters. In a name they make
// two texts that look like one.
bool is_blank(char32_t code_point);

}  // namespace rescind

#endif  // RESCIND_BASE_UTF8_H_
