#include "bench/http/answer_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace rescind::bench {
namespace {

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello";

TEST(AnswerReader, AnAnswerIsItsHeadAndAsManyBytesAsItSays) {
  const auto answer = read_answer(std::string(kOk) + "HTTP/1.1 401");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->size, kOk.size());
}

TEST(AnswerReader, WaitsWhileAnyByteIsMissing) {
  for (std::size_t size = 0; size < kOk.size(); ++size) EXPECT_FALSE(read_answer(kOk.substr(0, size))) << size;
}

TEST(AnswerReader, NamesAreReadInAnyCase) {
  const auto answer = read_answer("HTTP/1.1 401 Unauthorized\r\ncontent-length:0\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 401);
  EXPECT_EQ(read_answer("HTTP/1.1 503 x\r\nCONTENT-LENGTH: 0\r\n\r\n")->status, 503);
}

TEST(AnswerReader, A204HasNoBody) {
  constexpr std::string_view kEmpty = "HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n";
  const auto answer = read_answer(kEmpty);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 204);
  EXPECT_EQ(answer->size, kEmpty.size());
}

TEST(AnswerReader, DoesNotGuessWhereAnAnswerEnds) {
  for (const std::string_view text : {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
                                      "HTTP/2 200\r\n\r\n", "\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"}) {
    const auto answer = read_answer(text);
    ASSERT_TRUE(answer) << text;
    EXPECT_EQ(answer->status, 0) << text;
  }
}

}  // namespace
}  // namespace rescind::bench
