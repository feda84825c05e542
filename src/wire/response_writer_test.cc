#include "wire/response_writer.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

using namespace std::string_literals;

constexpr std::string_view kDate = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

std::string written(const Response& response, BodyMode mode = BodyMode::kSend,
                    Persistence persistence = Persistence::kKeepAlive) {
  std::string output;
  EXPECT_TRUE(append_response(output, response, mode, persistence, kDate));
  return output;
}

TEST(ResponseWriterTest, ResponseHasStatusDateFieldsLengthAndBody) {
  EXPECT_EQ(written({200, {{"A", "b"}, {"Set-Cookie", "c=d"}}, "hi"}),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nA: b\r\nSet-Cookie: c=d\r\nContent-Length: 2\r\n\r\nhi");
}

TEST(ResponseWriterTest, HeadKeepsTheLengthAndDropsTheBody) {
  const std::string text = written({200, {}, "hello"}, BodyMode::kHeadOnly);
  EXPECT_TRUE(text.ends_with("Content-Length: 5\r\n\r\n")) << text;
}

TEST(ResponseWriterTest, NoContentAndNotModifiedHaveNeitherLengthNorBody) {
  for (const unsigned status : {204u, 304u}) {
    const std::string text = written({status, {}, "no"});
    EXPECT_EQ(text.find("Content-Length"), text.npos);
    EXPECT_TRUE(text.ends_with("\r\n\r\n"));
  }
}

TEST(ResponseWriterTest, ConnectionIsSaidWhereItIsNotTheDefault) {
  EXPECT_EQ(written({}).find("Connection"), std::string::npos);
  EXPECT_NE(written({}, BodyMode::kSend, Persistence::kClose).find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_NE(written({}, BodyMode::kSend, Persistence::kKeepAliveHttp10).find("\r\nConnection: keep-alive\r\n"),
            std::string::npos);
}

TEST(ResponseWriterTest, UnknownStatusHasAnEmptyReason) {
  EXPECT_TRUE(written({299, {}, ""}).starts_with("HTTP/1.1 299 \r\n"));
}

// Threat: header injection through a user name or role that the forward-auth answer carries.
TEST(ResponseWriterTest, HeaderInjectionByControlCharactersIsRefused) {
  std::string output = "before";
  for (const std::string& value : {"a\r\nb"s, "a\nb"s, "a\rb"s, "a\0b"s, "\x7F"s, "\x1B"s, "a\r\n"s}) {
    EXPECT_FALSE(append_response(output, {200, {{"A", value}}, ""}, BodyMode::kSend, Persistence::kKeepAlive, kDate));
  }
  EXPECT_EQ(output, "before");
}

TEST(ResponseWriterTest, OneBadValueAmongGoodOnesIsRemembered) {
  Response response{200, {{"A", "good"}, {"B", "bad\n"}, {"C", "good"}}, ""};
  std::string output;
  EXPECT_FALSE(append_response(output, response, BodyMode::kSend, Persistence::kKeepAlive, kDate));
  response.clear();
  EXPECT_EQ(written(response), written({}));
}

TEST(ResponseWriterTest, FieldNamesAreTokens) {
  for (const std::string_view name : {"", "a b", "a:", "a\r\nb", "\xC3\xA9"}) EXPECT_FALSE(FieldName::is_allowed(name)) << name;
  EXPECT_TRUE(FieldName::is_allowed("X-Auth-User"));
}

TEST(ResponseWriterTest, RoutesCannotFrameTheMessage) {
  for (const std::string_view name : {"Content-Length", "content-length", "Transfer-Encoding", "Connection", "DATE"}) {
    EXPECT_FALSE(FieldName::is_allowed(name)) << name;
  }
}

TEST(ResponseWriterTest, OnlyFinalStatusesAreSent) {
  std::string output;
  for (const unsigned status : {0u, 100u, 101u, 199u, 600u, 1000u}) {
    EXPECT_FALSE(append_response(output, {status, {}, ""}, BodyMode::kSend, Persistence::kKeepAlive, kDate));
  }
}

TEST(ResponseWriterTest, DateIsTheFixedForm) {
  EXPECT_EQ(date_line(WallTime(std::chrono::milliseconds(784111777999))), kDate);
  EXPECT_EQ(date_line(WallTime(std::chrono::milliseconds(0))), "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
  EXPECT_EQ(date_line(WallTime(std::chrono::seconds(1709164800))), "Date: Thu, 29 Feb 2024 00:00:00 GMT\r\n");
}

}  // namespace
}  // namespace rescind
