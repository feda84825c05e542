#include "verify/strict_json.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <string>

namespace rescind {
namespace {

constexpr std::size_t kDepth = 8;

bool parses(std::string_view text) { return parse_strict_json(text, kDepth).has_value(); }

TEST(StrictJson, ReadsWhatIsJson) {
  const auto value =
      parse_strict_json(R"( {"a":[1,-2,18446744073709551615,1.5,true,null,"\u00e9\ud83d\ude00"],"b":{}} )", kDepth);
  ASSERT_TRUE(value);
  EXPECT_EQ(boost::json::serialize(*value),
            "{\"a\":[1,-2,18446744073709551615,1.5E0,true,null,\"\xc3\xa9\xf0\x9f\x98\x80\"],\"b\":{}}");
}

TEST(StrictJson, RefusesDuplicateNamesAtEveryLevelAndHoweverTheyAreEscaped) {
  for (const std::string_view text : {
           R"({"a":1,"a":1})",
           R"({"a":1,"b":2,"a":3})",
           R"({"jti":1,"\u006ati":2})",
           R"({"\u006A\u0074i":1,"jti":2})",
           R"({"x":{"a":1,"a":2}})",
           R"([{"a":1,"a":2}])",
           R"({"x":[{"y":{"a":null,"a":null}}]})",
           R"({"":1,"":2})",
           R"({"a":{"x":1,"y":2},"a":{}})",
           R"({"a":{},"a":{"x":1}})",
           R"({"a\u0000":1,"a\u0000":2})",
           R"({"\/":1,"/":2})",
       }) {
    EXPECT_FALSE(parses(text)) << text;
  }
}

TEST(StrictJson, RefusesADuplicateAmongManyNames) {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += "\"n" + std::to_string(i) + "\":1,";
  EXPECT_TRUE(parses(text + "\"n100\":1}"));
  EXPECT_FALSE(parses(text + "\"n57\":1}"));
  EXPECT_TRUE(parses("[" + text + "\"x\":{\"n1\":1}}," + text + "\"x\":{}}]"));  // names of others count for nothing
}

TEST(StrictJson, KeepsNamesApartThatOnlyLookAlike) {
  EXPECT_TRUE(parses(R"({"a":1,"A":2,"a ":3,"a\u0000":4,"a\u0000b":5})"));
  EXPECT_TRUE(parses(R"({"x":{"a":1},"y":{"a":1},"a":1})"));
  EXPECT_TRUE(parses("{\"\xc3\xa9\":1,\"e\xcc\x81\":2}"));  // composed and decomposed é are different bytes
}

TEST(StrictJson, RefusesMoreThanTheDepth) {
  EXPECT_TRUE(parses(std::string(kDepth, '[') + std::string(kDepth, ']')));
  EXPECT_FALSE(parses(std::string(kDepth + 1, '[') + std::string(kDepth + 1, ']')));
  EXPECT_FALSE(parses(std::string(100'000, '[')));
  EXPECT_FALSE(parses(std::string(100'000, '[') + std::string(100'000, ']')));
  std::string objects;
  for (int i = 0; i < 20'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(parses(objects));
}

TEST(StrictJson, RefusesInvalidUtf8AndLoneSurrogates) {
  for (const std::string_view text : {
           "\"\xff\"",
           "\"\x80\"",
           "\"\xc3\"",
           "\"\xc0\x80\"",
           "\"\xc1\xbf\"",
           "\"\xe0\x80\xaf\"",
           "\"\xed\xa0\x80\"",
           "\"\xed\xbf\xbf\"",
           "\"\xf4\x90\x80\x80\"",
           "\"\xf5\x80\x80\x80\"",
           "\"\xf0\x80\x80\xaf\"",
           "{\"\xff\":1}",
           R"("\ud800")",
           R"("\udc00")",
           R"("\ud800\ud800")",
           R"("\ud800x")",
           R"("\ud800\n")",
           R"("\udfff\ud800")",
           R"({"\ud800":1})",
       }) {
    EXPECT_FALSE(parses(text)) << text;
  }
}

TEST(StrictJson, RefusesWhatFollowsOrPrecedesTheValue) {
  for (const std::string_view text :
       {"", " ", "1 2", "{}{}", "{}x", "[],", "{} null", "\xef\xbb\xbf{}", "\xfe\xff{}", "//c\n1", "1 /*c*/", "{}]", "\v1"}) {
    EXPECT_FALSE(parses(text)) << text;
  }
  EXPECT_FALSE(parses(std::string_view("1\0", 2)));
  EXPECT_FALSE(parses(std::string_view("{}\0{}", 5)));
  EXPECT_TRUE(parses(" \t\r\n{} \t\r\n"));
}

TEST(StrictJson, RefusesWhatOnlyLooksLikeJson) {
  for (const std::string_view text :
       {"{'a':1}", "{a:1}",     "[1,]",      "{\"a\":1,}",  "[,1]", "NaN",     "Infinity", "-Infinity", "+1",
        "01",      "-01",       ".5",        "1.",          "1e",   "0x10",    "True",     "nul",       "\"\t\"",
        "\"\n\"",  R"("\x41")", R"("\u12")", R"("\u00zz")", "\"a",  "{\"a\"}", "{\"a\":}", "{1:2}",     "-"}) {
    EXPECT_FALSE(parses(text)) << text;
  }
}

TEST(StrictJson, RefusesNumbersThatNoDoubleHolds) {
  for (const std::string_view text : {"1e999", "-1e999", "1e309", "[1e400]", "1e99999999999999999999", "1e-999"}) {
    EXPECT_FALSE(parses(text)) << text;
  }
  EXPECT_FALSE(parses(std::string(400, '9')));
  EXPECT_TRUE(parses("1e308"));
}

TEST(StrictJson, KeepsIntegersExactWhereTheyFit) {
  EXPECT_EQ(parse_strict_json("9223372036854775807", kDepth)->get_int64(), INT64_MAX);
  EXPECT_EQ(parse_strict_json("-9223372036854775808", kDepth)->get_int64(), INT64_MIN);
  EXPECT_EQ(parse_strict_json("9223372036854775808", kDepth)->get_uint64(), 1ull << 63);
  EXPECT_EQ(parse_strict_json("18446744073709551615", kDepth)->get_uint64(), UINT64_MAX);
  EXPECT_TRUE(parse_strict_json("1.0", kDepth)->is_double());
  EXPECT_TRUE(parse_strict_json("1e3", kDepth)->is_double());
  EXPECT_EQ(parse_strict_json("-0", kDepth)->to_number<double>(), 0);
}

// As a double it would be another number when it is written again.
TEST(StrictJson, RefusesIntegersThatDoNotFit) {
  for (const std::string_view text : {"18446744073709551616", "-9223372036854775809", "[123456789012345678901234567890]"}) {
    EXPECT_FALSE(parses(text)) << text;
  }
}

TEST(StrictJson, KeepsNulInsideAString) {
  const auto value = parse_strict_json(R"("admin\u0000x")", kDepth);
  ASSERT_TRUE(value);
  EXPECT_EQ(std::string_view(value->get_string()), std::string_view("admin\0x", 7));
}

}  // namespace
}  // namespace rescind
