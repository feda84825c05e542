#include "base/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>

namespace rescind {
namespace {

std::string written(LogFormat format, std::string_view value, LogLevel level = LogLevel::kDebug) {
  testing::internal::CaptureStderr();
  Log(level, format).info("log in", {{"address", std::string(value)}});
  return testing::internal::GetCapturedStderr();
}

constexpr std::string_view kHostile[] = {
    "\n2026-01-01T00:00:00.000Z info forged=\"line\"",
    "\r\n",
    "\"} {\"level\":\"info\",\"message\":\"forged\"",
    "\\",
    "\x1b[2J\x1b]0;title\x07",
    "\xc2\x9b"
    "31m",  // CSI as one C1 character
    "\x7f",
    "\xe2\x80\xa8",  // LINE SEPARATOR
    "\xe2\x80\xae"
    "gnp",  // RIGHT-TO-LEFT OVERRIDE
    "\xff\xfe\xc0\x80",
    "%v %Y {} {0}",
};

TEST(Log, AValueCannotForgeALineOrDriveATerminal) {
  for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    for (const std::string_view value : kHostile) {
      const std::string text = written(format, value);
      ASSERT_FALSE(text.empty());
      EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
      EXPECT_EQ(text.back(), '\n');
      for (const char c : text.substr(0, text.size() - 1)) {
        EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) << text;
      }
      EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
      EXPECT_EQ(text.find("\xe2\x80"), std::string::npos);
    }
  }
}

TEST(Log, AJsonLineIsOneValidObjectWhateverTheValue) {
  for (const std::string_view value : kHostile) {
    const std::string text = written(LogFormat::kJson, value);
    boost::json::error_code error;
    const auto line = boost::json::parse(text.substr(0, text.size() - 1), error);
    ASSERT_FALSE(error) << text;
    EXPECT_EQ(line.as_object().size(), 4u);
    EXPECT_EQ(line.at("message"), "log in");
    EXPECT_EQ(line.at("level"), "info");
  }
}

TEST(Log, ATextValueIsKeptAsItWas) {
  const std::string text = written(LogFormat::kJson, "Grüße, \"you\"\n");
  EXPECT_EQ(boost::json::parse(text.substr(0, text.size() - 1)).at("address"), "Grüße, \"you\"\n");
}

TEST(Log, AForgedFieldStaysInsideItsQuotes) {
  EXPECT_NE(written(LogFormat::kText, "a\" user=\"admin").find(R"(address="a\u0022 user=\u0022admin")"), std::string::npos);
}

TEST(Log, WhatIsBelowTheLevelIsNotWritten) {
  EXPECT_EQ(written(LogFormat::kText, "x", LogLevel::kWarning), "");
  EXPECT_EQ(written(LogFormat::kText, "x", LogLevel::kOff), "");
}

}  // namespace
}  // namespace rescind
