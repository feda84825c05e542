#include "http/form.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

TEST(Form, DecodesInOrder) {
  const auto fields = parse_form("token=a%2Bb+c&x=&token=2");
  ASSERT_TRUE(fields);
  EXPECT_EQ(*fields, (FormFields{{"token", "a+b c"}, {"x", ""}, {"token", "2"}}));
}

TEST(Form, RefusesWhatItCannotRead) {
  for (const char* text : {"a=%", "a=%1", "a=%zz", "%=1", "=1", "a=%00", "%00=a"}) EXPECT_FALSE(parse_form(text)) << text;
}

TEST(Form, HasABoundOnItsFields) {
  std::string text;
  for (std::size_t i = 0; i < kMaxFormFields; ++i) text += "a=1&";
  EXPECT_TRUE(parse_form(text));
  EXPECT_FALSE(parse_form(text + "a=1"));
}

TEST(Form, ASpellingIsWhatDecodesToTheText) {
  for (const char* raw : {"a+b", "a%20b", "%61%20%62"}) EXPECT_TRUE(spells(raw, "a b")) << raw;
  for (const char* raw : {"", "a", "a+", "a+b+", "ab", "A+b", "a%2Bb", "a+%6", "a+%zz", "a%00b"}) {
    EXPECT_FALSE(spells(raw, "a b")) << raw;
  }
  EXPECT_TRUE(spells("", ""));
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  append_percent_encoded(encoded, text);
  return encoded;
}

TEST(PercentEncoding, LeavesNothingThatCouldEndAHeaderField) {
  EXPECT_EQ(percent_encode(std::string_view("a\r\nX-Auth-User: b\0c", 19)), "a%0D%0AX-Auth-User%3A%20b%00c");
  EXPECT_EQ(percent_encode("j\xc3\xbcrgen,%"), "j%C3%BCrgen%2C%25");
}

TEST(PercentEncoding, RoundTripsEveryByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

}  // namespace
}  // namespace rescind
