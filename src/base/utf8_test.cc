#include "base/utf8.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

std::optional<char32_t> only_code_point(std::string_view text) {
  const auto code_point = take_code_point(text);
  return text.empty() ? code_point : std::nullopt;
}

TEST(Utf8, BoundariesOfEveryLengthAreTaken) {
  EXPECT_EQ(only_code_point(std::string_view("\0", 1)), U'\0');
  EXPECT_EQ(only_code_point("\x7f"), U'\x7f');
  EXPECT_EQ(only_code_point("\xc2\x80"), char32_t{0x80});
  EXPECT_EQ(only_code_point("\xdf\xbf"), char32_t{0x7ff});
  EXPECT_EQ(only_code_point("\xe0\xa0\x80"), char32_t{0x800});
  EXPECT_EQ(only_code_point("\xef\xbf\xbf"), char32_t{0xffff});
  EXPECT_EQ(only_code_point("\xf0\x90\x80\x80"), char32_t{0x10000});
  EXPECT_EQ(only_code_point("\xf4\x8f\xbf\xbf"), char32_t{0x10ffff});
}

TEST(Utf8, OverlongSurrogateTruncatedAndTooHighFormsAreRefused) {
  for (const std::string_view text :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "\xc2", "\xe2\x82", "\xf0\x9f\x98", "\xc2\x20", "\xe2\x28\xa1"}) {
    std::string_view rest = text;
    EXPECT_FALSE(take_code_point(rest));
    EXPECT_EQ(rest, text);
  }
  std::string_view empty;
  EXPECT_FALSE(take_code_point(empty));
}

TEST(Utf8, ControlsAndBlanksAreTold) {
  for (const char32_t c : {0x00, 0x1f, 0x7f, 0x80, 0x9f}) EXPECT_TRUE(is_control(c));
  for (const char32_t c : {0x20, 0x7e, 0xa0}) EXPECT_FALSE(is_control(c));
  for (const char32_t c : {0x20, 0xa0, 0x200b, 0x200f, 0x202e, 0x2066, 0x3000, 0xfeff, 0xe0001}) EXPECT_TRUE(is_blank(c));
  for (const char32_t c : {0x21, 0x41, 0xe4, 0x4e2d, 0x1f600}) EXPECT_FALSE(is_blank(c));
}

}  // namespace
}  // namespace rescind
