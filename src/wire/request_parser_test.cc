#include "wire/request_parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "wire/request_parser_cases.h"

namespace rescind {
namespace {

using namespace parser_cases;

// What one parse came to, with nothing that points into the input.
struct Outcome {
  ParseState state = ParseState::kNeedHead;
  std::string method, path, query, body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::size_t size = 0;
  Persistence persistence = Persistence::kClose;
  std::string code;

  bool operator==(const Outcome&) const = default;
};

Outcome outcome_of(RequestParser& parser, ParseState state) {
  Outcome outcome;
  outcome.state = state;
  if (state == ParseState::kRefused) outcome.code = code_of(parser.refusal());
  if (state != ParseState::kComplete) return outcome;
  const Request& request = parser.request();
  outcome.method = request.method;
  outcome.path = request.path;
  outcome.query = request.query;
  outcome.body = request.body;
  for (const HeaderField& field : request.headers) outcome.headers.emplace_back(field.name, field.value);
  outcome.size = parser.size();
  outcome.persistence = parser.persistence();
  return outcome;
}

// Feeds `text` in pieces that end at `ends`. Every piece comes in a fresh buffer, as after growing.
Outcome parse_in_pieces(const std::string& text, const std::vector<std::size_t>& ends) {
  RequestParser parser(kLimits);
  ParseState state = parser.parse("");
  std::string received;
  for (const std::size_t end : ends) {
    std::string moved = text.substr(0, end);
    received.assign(received.size(), '#');  // who still looks into the old buffer shall see it
    received.swap(moved);
    state = parser.parse(received);
    if (state == ParseState::kComplete || state == ParseState::kRefused) break;
    EXPECT_GT(parser.wanted(), received.size());
  }
  return outcome_of(parser, state);
}

Outcome parse(const std::string& text) {
  RequestParser parser(kLimits);
  const ParseState state = parser.parse(text);
  return outcome_of(parser, state);
}

void expect_codes(const std::vector<ParserCase>& table) {
  for (const ParserCase& c : table) {
    const Outcome outcome = parse(c.text);
    std::string code = outcome.code;
    if (outcome.state == ParseState::kNeedHead || outcome.state == ParseState::kNeedBody) code = kMore;
    EXPECT_EQ(code, c.code) << c.rule;
    if (outcome.state == ParseState::kComplete) {
      EXPECT_EQ(outcome.size, c.text.size()) << c.rule;
    }
  }
}

TEST(RequestParserTest, RequestLineIsStrict) { expect_codes(request_lines()); }
TEST(RequestParserTest, FieldsAreStrict) { expect_codes(fields()); }
TEST(RequestParserTest, HostIsOneAndWellFormed) { expect_codes(hosts()); }
// Threat: request smuggling by two readings of where a body ends.
TEST(RequestParserTest, RequestSmugglingByContentLengthAndTransferEncodingIsRefused) { expect_codes(framing()); }
TEST(RequestParserTest, RequestSmugglingByChunkFramingIsRefused) { expect_codes(chunks()); }
TEST(RequestParserTest, TheTablesAreLong) { EXPECT_GE(all_cases().size(), 250u); }

TEST(RequestParserTest, ByteByByteGivesTheSameAsOnePiece) {
  for (const ParserCase& c : all_cases()) {
    std::vector<std::size_t> ends;
    for (std::size_t end = 0; end <= c.text.size(); ++end) ends.push_back(end);
    EXPECT_EQ(parse_in_pieces(c.text, ends), parse(c.text)) << c.rule;
  }
}

TEST(RequestParserTest, RandomSplitsGiveTheSameAsOnePiece) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (const ParserCase& c : all_cases()) {
    for (int round = 0; round < 20; ++round) {
      std::vector<std::size_t> ends;
      for (std::size_t end = 0; end < c.text.size();) {
        end = std::min(c.text.size(), end + 1 + random() % 40);
        ends.push_back(end);
      }
      EXPECT_EQ(parse_in_pieces(c.text, ends), parse(c.text)) << c.rule;
    }
  }
}

TEST(RequestParserTest, WhatFollowsTheRequestIsNotTouched) {
  for (const ParserCase& c : all_cases()) {
    const Outcome alone = parse(c.text);
    if (alone.state != ParseState::kComplete) continue;
    EXPECT_EQ(parse(c.text + "GET /next HTTP/1.1\r\n"), alone) << c.rule;
    EXPECT_EQ(parse(c.text + "\0\xFF"s), alone) << c.rule;
  }
}

TEST(RequestParserTest, EveryPrefixOfAGoodRequestIsIncomplete) {
  for (const ParserCase& c : all_cases()) {
    if (*c.code != '\0') continue;
    for (std::size_t size = 0; size < c.text.size(); ++size) {
      const Outcome outcome = parse(c.text.substr(0, size));
      EXPECT_TRUE(outcome.state == ParseState::kNeedHead || outcome.state == ParseState::kNeedBody) << c.rule << size;
    }
  }
}

TEST(RequestParserTest, TargetIsSplitAtTheFirstQuestionMarkAndNotDecoded) {
  const Outcome outcome = parse(line("GET /a%2Fb//..?c?d=%3F HTTP/1.1"));
  EXPECT_EQ(outcome.path, "/a%2Fb//..");
  EXPECT_EQ(outcome.query, "c?d=%3F");
  EXPECT_EQ(parse(line("GET / HTTP/1.1")).query, "");
}

TEST(RequestParserTest, FieldsComeInOrderWithoutTheWhiteSpaceAround) {
  const Outcome outcome = parse("POST /x HTTP/1.1\r\nHost: a\r\nA:  b c\t\r\na:\r\nContent-Length: 2\r\n\r\nhi");
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"Host", "a"}, {"A", "b c"}, {"a", ""}, {"Content-Length", "2"}};
  EXPECT_EQ(outcome.method, "POST");
  EXPECT_EQ(outcome.headers, expected);
  EXPECT_EQ(outcome.body, "hi");
}

TEST(RequestParserTest, ChunkedBodyIsDecoded) {
  EXPECT_EQ(parse(chunked("4\r\nRe\r\n\r\n5\r\nscind\r\n0\r\n\r\n")).body, "Re\r\nscind");
}

TEST(RequestParserTest, ChunkFramingIsBoundedToo) {
  std::string body;
  for (int i = 0; i < 64; ++i) body += "00000001\r\nx\r\n";
  EXPECT_EQ(parse(chunked(body + "0\r\n\r\n")).body, std::string(64, 'x'));  // 13 bytes each: within 2 * 64 + 1024
  constexpr WireLimits kWide{.body_bytes = 4096};
  RequestParser parser(kWide);
  std::string endless = chunked("");
  for (int i = 0; i < 4000; ++i) endless += "00000001\r\nx\r\n";
  EXPECT_EQ(parser.parse(endless), ParseState::kRefused);
  EXPECT_EQ(parser.refusal(), Refusal::kPayloadTooLarge);
}

TEST(RequestParserTest, PersistenceFollowsVersionAndConnection) {
  const auto persistence = [](const std::string& version, const std::string& fields) {
    return parse("GET / " + version + "\r\nHost: a\r\n" + fields + "\r\n").persistence;
  };
  EXPECT_EQ(persistence("HTTP/1.1", ""), Persistence::kKeepAlive);
  EXPECT_EQ(persistence("HTTP/1.1", "Connection: Keep-Alive\r\n"), Persistence::kKeepAlive);
  EXPECT_EQ(persistence("HTTP/1.1", "Connection: close\r\n"), Persistence::kClose);
  EXPECT_EQ(persistence("HTTP/1.1", "Connection: a ,\tCLOSE , b\r\n"), Persistence::kClose);
  EXPECT_EQ(persistence("HTTP/1.1", "Connection: keep-alive\r\nConnection: close\r\n"), Persistence::kClose);
  EXPECT_EQ(persistence("HTTP/1.1", "Connection: closed\r\n"), Persistence::kKeepAlive);
  EXPECT_EQ(persistence("HTTP/1.0", ""), Persistence::kClose);
  EXPECT_EQ(persistence("HTTP/1.0", "Connection: keep-alive\r\n"), Persistence::kKeepAliveHttp10);
  EXPECT_EQ(persistence("HTTP/1.0", "Connection: keep-alive, close\r\n"), Persistence::kClose);
}

TEST(RequestParserTest, ContinueIsExpectedInHttp11Only) {
  RequestParser parser(kLimits);
  EXPECT_EQ(parser.parse(post("Expect: 100-continue\r\nContent-Length: 1\r\n", "")), ParseState::kNeedBody);
  EXPECT_TRUE(parser.expects_continue());
  parser.reset();
  EXPECT_EQ(parser.parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"), ParseState::kNeedBody);
  EXPECT_FALSE(parser.expects_continue());
}

TEST(RequestParserTest, NothingOfOneRequestReachesTheNext) {
  const std::string loaded = "POST /a?b HTTP/1.0\r\nHost: h\r\nX: y\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc";
  for (const std::string& before : {loaded, chunked("3\r\nabc\r\n0\r\n\r\n"), get("Expect: 100-continue\r\n")}) {
    for (const ParserCase& c : all_cases()) {
      RequestParser parser(kLimits);
      ASSERT_EQ(parser.parse(before), ParseState::kComplete);
      parser.reset();
      const ParseState state = parser.parse(c.text);
      EXPECT_EQ(outcome_of(parser, state), parse(c.text)) << c.rule;
    }
  }
}

}  // namespace
}  // namespace rescind
