#include "mail/message.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "mail/quoted_printable.h"

namespace rescind {
namespace {

class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = ++last_;
  }

 private:
  std::uint8_t last_ = 0;
};

MailAddress address(std::string_view text) { return MailAddress::parse(text).value(); }

std::string message_of(const std::string& subject, const std::string& from = "Rescind <id@example.com>") {
  CountingRandom random;
  const Mail mail{address("ada@example.com"), subject, "hello\n", "<p>hello</p>\n"};
  return format_message(mail, parse_mailbox(from).value(), WallTime(std::chrono::seconds(1'700'000'000)), random);
}

// The lines before the first empty one.
std::string head_of(const std::string& message) { return message.substr(0, message.find("\r\n\r\n") + 2); }

TEST(MailMessage, HasOneHeadAndTwoForms) {
  const std::string message = message_of("Hello");
  EXPECT_EQ(head_of(message),
            "From: \"Rescind\" <id@example.com>\r\n"
            "To: ada@example.com\r\n"
            "Subject: Hello\r\n"
            "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
            "Message-ID: <EBESExQVFhcYGRobHB0e@example.com>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: multipart/alternative; boundary=\"=_AQIDBAUGBwgJCgsMDQ4P\"\r\n");
  EXPECT_NE(message.find("Content-Type: text/plain; charset=utf-8"), std::string::npos);
  EXPECT_NE(message.find("Content-Type: text/html; charset=utf-8"), std::string::npos);
  EXPECT_TRUE(message.ends_with("--=_AQIDBAUGBwgJCgsMDQ4P--\r\n"));
}

TEST(MailMessage, NothingInASubjectOrANameStartsAnotherField) {
  const std::vector<std::string> kEvil = {"a\r\nBcc: eve@example.com", "a\nBcc: eve@example.com", "a\rBcc: x",
                                          std::string("a\0b", 3)};
  for (const std::string& evil : kEvil) {
    const std::string head = head_of(message_of(evil));
    EXPECT_EQ(head.find("\nBcc"), std::string::npos) << evil;
    EXPECT_EQ(head.find('\0'), std::string::npos);
    for (std::size_t i = 0; i < head.size(); ++i) {
      const bool is_half_an_end =
          (head[i] == '\n' && (i == 0 || head[i - 1] != '\r')) || (head[i] == '\r' && head[i + 1] != '\n');
      EXPECT_FALSE(is_half_an_end) << evil;
    }
    EXPECT_FALSE(parse_mailbox(evil + " <id@example.com>"));
  }
}

TEST(MailMessage, OtherLettersInTheHeadAreEncodedWords) {
  EXPECT_NE(message_of("Paßwort", "Zoë <id@example.com>").find("Subject: =?UTF-8?Q?Pa=C3=9Fwort?=\r\n"), std::string::npos);
  EXPECT_NE(message_of("x", "Zoë <id@example.com>").find("From: =?UTF-8?Q?Zo=C3=AB?= <id@example.com>\r\n"), std::string::npos);
  EXPECT_NE(message_of("x", "A \"B\" <id@example.com>").find("From: \"A \\\"B\\\"\" <id@example.com>\r\n"), std::string::npos);
  EXPECT_EQ(encode_field_text("=?UTF-8?Q?x?="), "=?UTF-8?Q?=3D=3FUTF=2D8=3FQ=3Fx=3F=3D?=");
}

TEST(MailMessage, EncodedWordsAreShortAndHoldWholeCharacters) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "ü€";
  std::string field = encode_field_text(text);
  while (!field.empty()) {
    const std::size_t end = std::min(field.find("\r\n "), field.size());
    const std::string word = field.substr(0, end);
    EXPECT_LE(word.size(), 75U);
    EXPECT_TRUE(word.starts_with("=?UTF-8?Q?=C3=BC") || word.starts_with("=?UTF-8?Q?=E2=82=AC")) << word;
    field.erase(0, std::min(end + 3, field.size()));
  }
}

TEST(MailAddressOf, WhatCouldEndALineOrAFieldIsNoAddress) {
  for (const char* text : {"ada@example.com\r\nBcc: eve@example.com", "ada@example.com>", "<ada@example.com",
                           "ada@example.com,eve@example.com", "ada", "", "ada @example.com", "ada@example.com\n"}) {
    EXPECT_FALSE(MailAddress::parse(text)) << text;
  }
  EXPECT_EQ(address("ada@example.com").domain(), "example.com");
  EXPECT_TRUE(parse_mailbox("ada@example.com"));
  for (const char* text : {"Ada <ada@example.com", "Ada ada@example.com", "<>", "Ada <>", "Ada <a@b> <c@d>"}) {
    EXPECT_FALSE(parse_mailbox(text)) << text;
  }
}

TEST(QuotedPrintable, KnownTexts) {
  const std::pair<std::string, std::string> kCases[] = {
      {"", ""},
      {"a", "a\r\n"},
      {"a\nb\r\n", "a\r\nb\r\n"},
      {"a=b", "a=3Db\r\n"},
      {"ends in a blank \n", "ends in a blank=20\r\n"},
      {"tab\t\n", "tab=09\r\n"},
      {"\n\n", "\r\n\r\n"},
      {"é", "=C3=A9\r\n"},
      {std::string("\0\r", 2), "=00\r\n"},
      {"a\rb", "a=0Db\r\n"},
      {std::string(75, 'x'), std::string(75, 'x') + "\r\n"},
      {std::string(76, 'x'), std::string(75, 'x') + "=\r\nx\r\n"},
  };
  for (const auto& [text, encoded] : kCases) EXPECT_EQ(encode_quoted_printable(text), encoded) << text;
}

}  // namespace
}  // namespace rescind
