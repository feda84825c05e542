#include "base/field_rules.h"

#include <gtest/gtest.h>

#include <string>

namespace rescind {
namespace {

TEST(FieldRules, AValueHoldsNoControlCharacterButTheTab) {
  for (int c = 0; c < 256; ++c) {
    const bool allowed = (c >= 0x20 && c != 0x7F) || c == '\t';
    for (std::size_t size = 1; size <= 17; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(c);
        ASSERT_EQ(is_field_value(text), allowed) << c << " at " << at << " of " << size;
      }
    }
  }
  EXPECT_TRUE(is_field_value(""));
}

TEST(FieldRules, ANameIsAToken) {
  for (int c = 0; c < 256; ++c) {
    const bool allowed = std::isalnum(c) != 0 ||
                         (c != 0 && std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos);
    EXPECT_EQ(is_token(std::string(1, static_cast<char>(c))), allowed) << c;
  }
  EXPECT_FALSE(is_token(""));
}

TEST(FieldRules, OnlyAsciiLosesItsCase) {
  EXPECT_TRUE(equal_without_case("X-Auth", "x-aUTH"));
  EXPECT_FALSE(equal_without_case("a", "ab"));
  EXPECT_FALSE(equal_without_case("\xC3\x84", "\xC3\xA4"));
  EXPECT_FALSE(equal_without_case("[", "{"));
  EXPECT_FALSE(equal_without_case("@", "`"));
}

}  // namespace
}  // namespace rescind
