#include "main/quantity.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

using std::chrono::milliseconds;

TEST(Duration, IsOneWholeNumberAndOneUnit) {
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("30s"), milliseconds(30'000));
  EXPECT_EQ(parse_duration("15m"), milliseconds(900'000));
  EXPECT_EQ(parse_duration("2h"), milliseconds(7'200'000));
  EXPECT_EQ(parse_duration("14d"), milliseconds(1'209'600'000));
  EXPECT_EQ(parse_duration("0"), milliseconds(0));
  EXPECT_EQ(parse_duration("0s"), milliseconds(0));
}

TEST(Duration, RefusesWhatIsNotExactlyThat) {
  for (const char* text :
       {"", "s", "30", "-1s", "+1s", " 1s", "1 s", "1s ", "1.5s", "1m30s", "1S", "1w", "0x1s", "1e3s", "٣s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, RefusesWhatDoesNotFit) {
  EXPECT_EQ(parse_duration("9223372036854775807ms"), milliseconds::max());
  EXPECT_EQ(parse_duration("9223372036854775808ms"), std::nullopt);
  EXPECT_EQ(parse_duration("106751991167d"), milliseconds(106751991167ll * 86'400'000));
  EXPECT_EQ(parse_duration("106751991168d"), std::nullopt);
  EXPECT_EQ(parse_duration("99999999999999999999999s"), std::nullopt);
}

TEST(Size, IsOneWholeNumberAndOneBinaryUnit) {
  EXPECT_EQ(parse_size("512B"), 512u);
  EXPECT_EQ(parse_size("64KiB"), 65'536u);
  EXPECT_EQ(parse_size("19MiB"), 19'922'944u);
  EXPECT_EQ(parse_size("1GiB"), 1'073'741'824u);
  EXPECT_EQ(parse_size("0"), 0u);
}

TEST(Size, RefusesWhatIsNotExactlyThatOrDoesNotFit) {
  for (const char* text : {"", "B", "64", "64K", "64KB", "64kib", "-1B", "1.5MiB", "1MiB ", "18446744073709551616B",
                           "17179869184GiB", "99999999999999999999GiB"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_size("17179869183GiB"), 17179869183ull << 30);
}

TEST(Number, IsDecimalDigitsUpToItsLimit) {
  EXPECT_EQ(parse_number("0", 256), 0u);
  EXPECT_EQ(parse_number("256", 256), 256u);
  for (const char* text : {"", "257", "-1", "+1", "1 ", "0x10", "1.0", "18446744073709551616"}) {
    EXPECT_EQ(parse_number(text, 256), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rescind
