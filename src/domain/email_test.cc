#include "domain/email.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

using namespace std::string_literals;

TEST(ParseEmail, OneSpellingForEveryAsciiCase) {
  EXPECT_EQ(parse_email("Ada@Example.ORG")->text, "ada@example.org");
  EXPECT_EQ(parse_email("ada@example.org")->text, "ada@example.org");
}

TEST(ParseEmail, TakesOrdinaryAndUnusualAddresses) {
  for (const char* email : {"a@b", "a@localhost", "first.last+tag@sub.example.org", "o'brien!#$%&*/=?^_`{|}~@example.org",
                            "1@2", "x@xn--bcher-kva.example", "grüße@bücher.example", "用户@例子.广告"}) {
    EXPECT_TRUE(parse_email(email)) << email;
  }
}

TEST(ParseEmail, OnlyAsciiIsLowered) { EXPECT_EQ(parse_email("ÄB@C.D")->text, "Äb@c.d"); }

TEST(ParseEmail, RefusesWhatIsNotOneAddress) {
  for (const std::string& email : {""s, "@"s, "a"s, "a@"s, "@b"s, "a@@b"s, "a@b@c"s, "a@.b"s, "a@b."s, "a@b..c"s, "a@."s}) {
    EXPECT_FALSE(parse_email(email)) << email;
  }
}

TEST(ParseEmail, RefusesWhiteSpaceControlsAndInvisibleCharacters) {
  for (const std::string& bad : {" "s, "\t"s, "\r\n"s, "\0"s, "\x7f"s, "\x1b"s, "\xc2\x85"s, "\xc2\xa0"s, "\xe2\x80\x8b"s,
                                 "\xe2\x80\xae"s, "\xe3\x80\x80"s, "\xef\xbb\xbf"s}) {
    EXPECT_FALSE(parse_email("ad" + bad + "a@example.org"));
    EXPECT_FALSE(parse_email("ada@exam" + bad + "ple.org"));
    EXPECT_FALSE(parse_email(bad + "ada@example.org"));
    EXPECT_FALSE(parse_email("ada@example.org" + bad));
  }
}

TEST(ParseEmail, RefusesSpecials) {
  for (const char c : std::string("<>()[],;:\\\"")) EXPECT_FALSE(parse_email("a"s + c + "b@example.org")) << c;
}

TEST(ParseEmail, RefusesBytesThatAreNotUtf8) {
  for (const char* bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xe2\x82", "\x80"}) {
    EXPECT_FALSE(parse_email("a"s + bad + "b@example.org"));
  }
}

TEST(ParseEmail, TakesAtMost254Bytes) {
  EXPECT_TRUE(parse_email(std::string(252, 'a') + "@b"));
  EXPECT_FALSE(parse_email(std::string(253, 'a') + "@b"));
}

TEST(ParseEmail, TheKeyIsItsOwnKey) {
  const auto key = parse_email("Grüße.A+B@Example.ORG");
  EXPECT_EQ(parse_email(key->text), key);
}

}  // namespace
}  // namespace rescind
