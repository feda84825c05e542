// Requests, good and bad, by the rule that each of them shows. For tests.
#ifndef RESCIND_WIRE_REQUEST_PARSER_CASES_H_
#define RESCIND_WIRE_REQUEST_PARSER_CASES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "wire/limits.h"

namespace rescind::parser_cases {

using namespace std::string_literals;

// Small, so that the tables reach them.
inline constexpr WireLimits kLimits{.head_bytes = 2048, .target_bytes = 256, .header_count = 100, .body_bytes = 64};

struct ParserCase {
  const char* rule;
  std::string text;
  const char* code;  // "" where the request is good, "more" where it is incomplete
};

inline std::string get(const std::string& fields) { return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; }
inline std::string post(const std::string& fields, const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}
inline std::string chunked(const std::string& body) { return post("Transfer-Encoding: chunked\r\n", body); }
inline std::string host(const std::string& value) { return "GET / HTTP/1.1\r\nHost:" + value + "\r\n\r\n"; }
inline std::string line(const std::string& request_line) { return request_line + "\r\nHost: a\r\n\r\n"; }
inline std::string many(std::size_t count) {
  std::string fields;
  for (std::size_t i = 0; i < count; ++i) fields += "X: y\r\n";
  return fields;
}

inline constexpr const char* kGood = "";
inline constexpr const char* kBad = "invalid_request";
inline constexpr const char* kMore = "more";

inline std::vector<ParserCase> request_lines() {
  return {
      {"plain", line("GET / HTTP/1.1"), kGood},
      {"path and query", line("GET /a/b?c=d&e HTTP/1.1"), kGood},
      {"two question marks", line("GET /a?b?c HTTP/1.1"), kGood},
      {"empty query", line("GET /a? HTTP/1.1"), kGood},
      {"percent stays", line("GET /%2e%2E/%00 HTTP/1.1"), kGood},
      {"double slash stays", line("GET //a HTTP/1.1"), kGood},
      {"backslash stays", line("GET /a\\b HTTP/1.1"), kGood},
      {"unknown method", line("PURGE / HTTP/1.1"), kGood},
      {"method in lower case is another method", line("get / HTTP/1.1"), kGood},
      {"method with every token character", line("!#$%&'*+-.^_`|~09azAZ / HTTP/1.1"), kGood},
      {"HTTP/1.0", line("GET / HTTP/1.0"), kGood},
      {"OPTIONS of a path", line("OPTIONS /a HTTP/1.1"), kGood},
      {"nothing at all", "", kMore},
      {"part of a method", "GE", kMore},
      {"line without end", "GET / HTTP/1.1", kMore},
      {"CR without LF yet", "GET / HTTP/1.1\r", kMore},
      {"head without its empty line", "GET / HTTP/1.1\r\nHost: a\r\n", kMore},
      {"empty line in front", "\r\n" + line("GET / HTTP/1.1"), kBad},
      {"bare LF in front", "\n" + line("GET / HTTP/1.1"), kBad},
      {"space in front", line(" GET / HTTP/1.1"), kBad},
      {"TLS ClientHello", "\x16\x03\x01\x02\x00\x01"s, kBad},
      {"NUL", "\0"s, kBad},
      {"two spaces before the target", line("GET  / HTTP/1.1"), kBad},
      {"two spaces before the version", line("GET /  HTTP/1.1"), kBad},
      {"tab for space", line("GET\t/\tHTTP/1.1"), kBad},
      {"space at the end", line("GET / HTTP/1.1 "), kBad},
      {"bare LF", "GET / HTTP/1.1\nHost: a\r\n\r\n", kBad},
      {"bare LF throughout", "GET / HTTP/1.1\nHost: a\n\n", kBad},
      {"two CR", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", kBad},
      {"CR within the target", line("GET /a\rb HTTP/1.1"), kBad},
      {"NUL in the target", line("GET /a\0b HTTP/1.1"s), kBad},
      {"DEL in the target", line("GET /a\x7F HTTP/1.1"), kBad},
      {"byte above ASCII in the target", line("GET /\xC3\xA9 HTTP/1.1"), kBad},
      {"tab in the target", line("GET /a\tb HTTP/1.1"), kBad},
      {"fragment", line("GET /a#b HTTP/1.1"), kBad},
      {"fragment in the query", line("GET /a?b#c HTTP/1.1"), kBad},
      {"absolute form", line("GET http://a/ HTTP/1.1"), kBad},
      {"absolute form, other host", line("GET http://evil/verify HTTP/1.1"), kBad},
      {"asterisk form", line("OPTIONS * HTTP/1.1"), kBad},
      {"authority form", line("GET a:80 HTTP/1.1"), kBad},
      {"no slash", line("GET a HTTP/1.1"), kBad},
      {"empty target", line("GET  HTTP/1.1"), kBad},
      {"HTTP/0.9", "GET /\r\n", kBad},
      {"no version", line("GET / "), kBad},
      {"method with a colon", line("GET: / HTTP/1.1"), kBad},
      {"method with a parenthesis", line("GE(T / HTTP/1.1"), kBad},
      {"method with a byte above ASCII", line("G\xC9T / HTTP/1.1"), kBad},
      {"version in lower case", line("GET / http/1.1"), kBad},
      {"version with two digits", line("GET / HTTP/1.10"), kBad},
      {"version without minor", line("GET / HTTP/1"), kBad},
      {"version with a comma", line("GET / HTTP/1,1"), kBad},
      {"version with letters", line("GET / HTTP/a.b"), kBad},
      {"version with a sign", line("GET / HTTP/+1.1"), kBad},
      {"other protocol", line("GET / ICAP/1.0"), kBad},
      {"HTTP/2.0", line("GET / HTTP/2.0"), "http_version_not_supported"},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "http_version_not_supported"},
      {"HTTP/1.2", line("GET / HTTP/1.2"), "http_version_not_supported"},
      {"HTTP/0.9 spelt out", line("GET / HTTP/0.9"), "http_version_not_supported"},
      {"HTTP/9.9", line("GET / HTTP/9.9"), "http_version_not_supported"},
      {"TRACE", line("TRACE / HTTP/1.1"), "method_not_allowed"},
      {"CONNECT", line("CONNECT a:443 HTTP/1.1"), "method_not_allowed"},
      {"target at its limit", line("GET /" + std::string(255, 'a') + " HTTP/1.1"), kGood},
      {"target over its limit", line("GET /" + std::string(256, 'a') + " HTTP/1.1"), "uri_too_long"},
      {"target without end", "GET /" + std::string(4000, 'a'), "uri_too_long"},
      {"method without end", std::string(4000, 'A'), "header_too_large"},
      {"version without end", "GET / " + std::string(4000, 'a'), "header_too_large"},
  };
}

inline std::vector<ParserCase> fields() {
  return {
      {"no white space after the colon", get("A:b\r\n"), kGood},
      {"white space around the value", get("A: \t b \t \r\n"), kGood},
      {"white space within the value", get("A: b \t c\r\n"), kGood},
      {"empty value", get("A:\r\n"), kGood},
      {"value of white space", get("A: \t \r\n"), kGood},
      {"colons in the value", get("A: b:c\r\n"), kGood},
      {"bytes above ASCII in the value", get("A: \xC3\xA9\xFF\r\n"), kGood},
      {"name with every token character", get("!#$%&'*+-.^_`|~09azAZ: b\r\n"), kGood},
      {"Authorization twice is for the routes", get("Authorization: a\r\nAuthorization: b\r\n"), kGood},
      {"space before the colon", get("A : b\r\n"), kBad},
      {"tab before the colon", get("A\t: b\r\n"), kBad},
      {"empty name", get(": b\r\n"), kBad},
      {"no colon", get("A\r\n"), kBad},
      {"space in the name", get("A B: c\r\n"), kBad},
      {"NUL in the name", get("A\0: c\r\n"s), kBad},
      {"parenthesis in the name", get("A(: c\r\n"), kBad},
      {"byte above ASCII in the name", get("\xC3\xA9: c\r\n"), kBad},
      {"obs-fold with a space", get("A: b\r\n c\r\n"), kBad},
      {"obs-fold with a tab", get("A: b\r\n\tc\r\n"), kBad},
      {"obs-fold of nothing", get("A: b\r\n \r\n"), kBad},
      {"obs-fold at the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", kBad},
      {"obs-fold of Transfer-Encoding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), kBad},
      {"NUL in the value", get("A: b\0c\r\n"s), kBad},
      {"NUL in a long value", get("A: bbbbbbbbbbbbbb\0cccccccccccc\r\n"s), kBad},
      {"bare CR in the value", get("A: b\rc\r\n"), kBad},
      {"two CR after the value", get("A: b\r\r\n"), kBad},
      {"bare LF after the value", get("A: b\nC: d\r\n"), kBad},
      {"DEL in the value", get("A: b\x7F\r\n"), kBad},
      {"DEL in a long value",
       get("A: bbbbbbbbbbbbbbbb\x7F"
           "bbbbbbbbbbb\r\n"),
       kBad},
      {"escape in the value", get("A: \x1B[0m\r\n"), kBad},
      {"vertical tab in the value", get("A: b\vc\r\n"), kBad},
      {"tabs in a long value", get("A: bbbbbbb\tbbbbbbbbbbbbbb\tbbbbb\r\n"), kGood},
      {"head that ends in a bare LF", "GET / HTTP/1.1\r\nHost: a\r\n\n", kBad},
      {"head that ends in LF CR LF", "GET / HTTP/1.1\r\nHost: a\n\r\n", kBad},
      {"100 fields", get(many(99)), kGood},
      {"101 fields", get(many(100)), "header_too_large"},
      {"head at its limit", get("A: " + std::string(2048 - 32, 'b') + "\r\n"), kGood},
      {"head over its limit", get("A: " + std::string(2049 - 32, 'b') + "\r\n"), "header_too_large"},
      {"field without end", "GET / HTTP/1.1\r\nA: " + std::string(4000, 'b'), "header_too_large"},
      {"name without end", "GET / HTTP/1.1\r\n" + std::string(4000, 'b'), "header_too_large"},
      {"Connection of several options", get("Connection: keep-alive, Upgrade,,\r\n"), kGood},
      {"Connection of nothing", get("Connection:\r\n"), kGood},
      {"Connection of two words", get("Connection: close x\r\n"), kBad},
      {"Connection with a quote", get("Connection: \"close\"\r\n"), kBad},
      {"Expect", get("Expect: 100-continue\r\n"), kGood},
      {"Expect in another case", get("Expect: 100-Continue\r\n"), kGood},
      {"Expect of something else", get("Expect: 200-ok\r\n"), "expectation_failed"},
      {"Expect of nothing", get("Expect:\r\n"), "expectation_failed"},
      {"Expect of two things", get("Expect: 100-continue, a\r\n"), "expectation_failed"},
      {"Expect with a parameter", get("Expect: 100-continue;a=b\r\n"), "expectation_failed"},
  };
}

inline std::vector<ParserCase> hosts() {
  return {
      {"name", host(" example.org"), kGood},
      {"name with a port", host(" example.org:8080"), kGood},
      {"name with an underscore", host(" auth_server:80"), kGood},
      {"IPv4", host(" 127.0.0.1"), kGood},
      {"IPv6", host(" [::1]"), kGood},
      {"IPv6 with a port", host(" [fe80::1]:443"), kGood},
      {"IPv4 in IPv6", host(" [::ffff:127.0.0.1]"), kGood},
      {"Host in capitals", "GET / HTTP/1.1\r\nHOST: a\r\n\r\n", kGood},
      {"missing", "GET / HTTP/1.1\r\n\r\n", kBad},
      {"missing, with other fields", "GET / HTTP/1.1\r\nA: b\r\n\r\n", kBad},
      {"missing in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", kGood},
      {"twice", get("Host: b\r\n"), kBad},
      {"twice the same", get("Host: a\r\n"), kBad},
      {"twice in other case", get("hOST: a\r\n"), kBad},
      {"twice in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", kBad},
      {"empty", host(""), kBad},
      {"white space", host(" \t"), kBad},
      {"two names", host(" a b"), kBad},
      {"list", host(" a, b"), kBad},
      {"comma", host(" a,b"), kBad},
      {"path", host(" a/b"), kBad},
      {"user", host(" u@a"), kBad},
      {"scheme", host(" http://a"), kBad},
      {"percent", host(" a%00b"), kBad},
      {"fragment", host(" a#b"), kBad},
      {"query", host(" a?b"), kBad},
      {"angle bracket", host(" <a>"), kBad},
      {"quote", host(" \"a\""), kBad},
      {"byte above ASCII", host(" \xC3\xA9"), kBad},
      {"NUL", host(" a\0b"s), kBad},
      {"only a port", host(" :80"), kBad},
      {"empty port", host(" a:"), kBad},
      {"port of letters", host(" a:b"), kBad},
      {"port of six digits", host(" a:123456"), kBad},
      {"port with a sign", host(" a:+80"), kBad},
      {"two ports", host(" a:80:80"), kBad},
      {"IPv6 without brackets", host(" ::1"), kBad},
      {"IPv6 not closed", host(" [::1"), kBad},
      {"IPv6 with text behind", host(" [::1]a"), kBad},
      {"IPv6 with a zone", host(" [fe80::1%25eth0]"), kBad},
      {"empty brackets", host(" []"), kBad},
      {"name in brackets", host(" [abc]"), kBad},
  };
}

inline std::vector<ParserCase> framing() {
  const std::string both = "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n";
  const auto te = [](const std::string& field) { return post(field + "\r\n", "0\r\n\r\n"); };
  return {
      {"Content-Length", post("Content-Length: 4\r\n", "abcd"), kGood},
      {"Content-Length of zero", post("Content-Length: 0\r\n", ""), kGood},
      {"Content-Length with zeros in front", post("Content-Length: 0004\r\n", "abcd"), kGood},
      {"Content-Length of a GET", get("Content-Length: 0\r\n"), kGood},
      {"body cut short", post("Content-Length: 4\r\n", "abc"), kMore},
      {"no body at all", post("", ""), kGood},
      {"body at its limit", post("Content-Length: 64\r\n", std::string(64, 'a')), kGood},
      {"body over its limit", post("Content-Length: 65\r\n", ""), "payload_too_large"},
      {"Content-Length of 2^64", post("Content-Length: 18446744073709551616\r\n", ""), "payload_too_large"},
      {"Content-Length of 2^64 + 4", post("Content-Length: 18446744073709551620\r\n", ""), "payload_too_large"},
      {"Content-Length of 10^20", post("Content-Length: 100000000000000000000\r\n", ""), "payload_too_large"},
      {"Content-Length twice the same", post("Content-Length: 4\r\nContent-Length: 4\r\n", "abcd"), kBad},
      {"Content-Length twice", post("Content-Length: 4\r\nContent-Length: 5\r\n", "abcd"), kBad},
      {"Content-Length list", post("Content-Length: 5, 5\r\n", "abcde"), kBad},
      {"Content-Length list without space", post("Content-Length: 5,5\r\n", "abcde"), kBad},
      {"Content-Length two numbers", post("Content-Length: 5 5\r\n", "abcde"), kBad},
      {"Content-Length empty", post("Content-Length:\r\n", ""), kBad},
      {"Content-Length with plus", post("Content-Length: +5\r\n", "abcde"), kBad},
      {"Content-Length with minus", post("Content-Length: -1\r\n", ""), kBad},
      {"Content-Length of minus zero", post("Content-Length: -0\r\n", ""), kBad},
      {"Content-Length in hex", post("Content-Length: 0x5\r\n", "abcde"), kBad},
      {"Content-Length with underscore", post("Content-Length: 5_0\r\n", ""), kBad},
      {"Content-Length with a point", post("Content-Length: 5.0\r\n", ""), kBad},
      {"Content-Length with an exponent", post("Content-Length: 1e1\r\n", ""), kBad},
      {"Content-Length in quotes", post("Content-Length: \"5\"\r\n", "abcde"), kBad},
      {"Content-Length with NUL", post("Content-Length: 5\0\r\n"s, "abcde"), kBad},
      {"Content-Length with other digits", post("Content-Length: \xD9\xA5\r\n", "abcde"), kBad},
      {"CL.TE", post(both, "0\r\n\r\nGET /admin HTTP/1.1\r\nX: "), kBad},
      {"TE.CL", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "5c\r\n"), kBad},
      {"CL.0 with chunked", post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), kBad},
      {"CL.TE with identity", post("Content-Length: 4\r\nTransfer-Encoding: identity\r\n", "abcd"), kBad},
      {"TE twice", te("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), kBad},
      {"TE twice, second identity", te("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"), kBad},
      {"TE twice, first unknown", te("Transfer-Encoding: cow\r\nTransfer-Encoding: chunked"), kBad},
      {"TE space before the colon", te("Transfer-Encoding : chunked"), kBad},
      {"TE tab before the colon", te("Transfer-Encoding\t: chunked"), kBad},
      {"TE space before the name", te(" Transfer-Encoding: chunked"), kBad},
      {"TE after obs-fold", te("X: y\r\n Transfer-Encoding: chunked"), kBad},
      {"TE after a bare LF", te("X: y\nTransfer-Encoding: chunked"), kBad},
      {"TE after a bare CR", te("X: y\rTransfer-Encoding: chunked"), kBad},
      {"TE after NUL", te("X: y\0Transfer-Encoding: chunked"s), kBad},
      {"TE with a tab is trimmed like a space", te("Transfer-Encoding:\tchunked"), kGood},
      {"TE with vertical tab", te("Transfer-Encoding: \vchunked"), kBad},
      {"TE with form feed", te("Transfer-Encoding:\fchunked"), kBad},
      {"TE xchunked", te("Transfer-Encoding: xchunked"), kBad},
      {"TE chunkedx", te("Transfer-Encoding: chunkedx"), kBad},
      {"TE x chunked", te("Transfer-Encoding: x chunked"), kBad},
      {"TE chunked, identity", te("Transfer-Encoding: chunked, identity"), kBad},
      {"TE identity, chunked", te("Transfer-Encoding: identity, chunked"), kBad},
      {"TE gzip, chunked", te("Transfer-Encoding: gzip, chunked"), kBad},
      {"TE chunked, chunked", te("Transfer-Encoding: chunked, chunked"), kBad},
      {"TE chunked and a comma", te("Transfer-Encoding: chunked,"), kBad},
      {"TE comma and chunked", te("Transfer-Encoding: ,chunked"), kBad},
      {"TE with a parameter", te("Transfer-Encoding: chunked;a=b"), kBad},
      {"TE in quotes", te("Transfer-Encoding: \"chunked\""), kBad},
      {"TE in single quotes", te("Transfer-Encoding: 'chunked'"), kBad},
      {"TE in other case", te("Transfer-Encoding: Chunked"), kBad},
      {"TE in capitals", te("Transfer-Encoding: CHUNKED"), kBad},
      {"TE with NUL", te("Transfer-Encoding: chunked\0"s), kBad},
      {"TE with a byte above ASCII", te("Transfer-Encoding: chunked\xFF"), kBad},
      {"TE empty", te("Transfer-Encoding:"), kBad},
      {"TE identity", te("Transfer-Encoding: identity"), kBad},
      {"TE with underscore is another field", post("Transfer_Encoding: chunked\r\n", ""), kGood},
      {"TE in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", kBad},
      {"name of TE in other case", te("tRANSFER-eNCODING: chunked"), kGood},
      {"CL in other case with TE", te("content-length: 5\r\ntransfer-encoding: chunked"), kBad},
  };
}

inline std::vector<ParserCase> chunks() {
  return {
      {"empty body", chunked("0\r\n\r\n"), kGood},
      {"one chunk", chunked("5\r\nabcde\r\n0\r\n\r\n"), kGood},
      {"two chunks", chunked("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"), kGood},
      {"size in capitals", chunked("A\r\n0123456789\r\n0\r\n\r\n"), kGood},
      {"size in lower case", chunked("a\r\n0123456789\r\n0\r\n\r\n"), kGood},
      {"zeros in front", chunked("00000005\r\nabcde\r\n0\r\n\r\n"), kGood},
      {"several zeros at the end", chunked("5\r\nabcde\r\n000\r\n\r\n"), kGood},
      {"CR LF within the data", chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n"), kGood},
      {"size cut short", chunked("5"), kMore},
      {"data cut short", chunked("5\r\nabc"), kMore},
      {"end cut short", chunked("5\r\nabcde\r\n0\r\n"), kMore},
      {"end cut before its LF", chunked("0\r\n\r"), kMore},
      {"at the limit", chunked("40\r\n" + std::string(64, 'a') + "\r\n0\r\n\r\n"), kGood},
      {"over the limit", chunked("41\r\n"), "payload_too_large"},
      {"over the limit in two", chunked("40\r\n" + std::string(64, 'a') + "\r\n1\r\n"), "payload_too_large"},
      {"size of 2^32 - 1", chunked("FFFFFFFF\r\n"), "payload_too_large"},
      {"size of 2^32", chunked("100000000\r\n"), kBad},
      {"size of 10^20", chunked("100000000000000000000\r\n"), kBad},
      {"size that wraps to 5", chunked("10000000000000005\r\nabcde\r\n0\r\n\r\n"), kBad},
      {"size with nine zeros", chunked("000000005\r\nabcde\r\n0\r\n\r\n"), kBad},
      {"0x5", chunked("0x5\r\nabcde\r\n0\r\n\r\n"), kBad},
      {"0X5", chunked("0X5\r\nabcde\r\n0\r\n\r\n"), kBad},
      {"5_0", chunked("5_0\r\n"), kBad},
      {"+5", chunked("+5\r\nabcde\r\n0\r\n\r\n"), kBad},
      {"-1", chunked("-1\r\n"), kBad},
      {"-0", chunked("-0\r\n\r\n"), kBad},
      {"space in front", chunked(" 5\r\nabcde\r\n0\r\n\r\n"), kBad},
      {"space behind", chunked("5 \r\nabcde\r\n0\r\n\r\n"), kBad},
      {"tab behind", chunked("5\t\r\nabcde\r\n0\r\n\r\n"), kBad},
      {"no size", chunked("\r\nabcde\r\n0\r\n\r\n"), kBad},
      {"not hexadecimal", chunked("g\r\n"), kBad},
      {"NUL in the size", chunked("5\0\r\nabcde\r\n0\r\n\r\n"s), kBad},
      {"extension", chunked("5;a=b\r\nabcde\r\n0\r\n\r\n"), kBad},
      {"extension without a value", chunked("5;\r\nabcde\r\n0\r\n\r\n"), kBad},
      {"extension of the last chunk", chunked("0;a\r\n\r\n"), kBad},
      {"long extension", chunked("5;" + std::string(100, 'a') + "\r\nabcde\r\n0\r\n\r\n"), kBad},
      {"bare LF after the size", chunked("5\nabcde\r\n0\r\n\r\n"), kBad},
      {"bare CR after the size", chunked("5\rXabcde\r\n0\r\n\r\n"), kBad},
      {"bare LF after the data", chunked("5\r\nabcde\n0\r\n\r\n"), kBad},
      {"nothing after the data", chunked("5\r\nabcde0\r\n\r\n"), kBad},
      {"data longer than said", chunked("5\r\nabcdef\r\n0\r\n\r\n"), kBad},
      {"data shorter than said", chunked("5\r\nabcd\r\n0\r\n\r\n"), kBad},
      {"bare LF at the end", chunked("0\r\n\nX"), kBad},
      {"bare LF for the last line", chunked("0\n\n"), kBad},
      {"trailer", chunked("0\r\nA: b\r\n\r\n"), kBad},
      {"trailer of Content-Length", chunked("0\r\nContent-Length: 5\r\n\r\n"), kBad},
  };
}

inline std::vector<ParserCase> all_cases() {
  std::vector<ParserCase> all;
  for (const auto& table : {request_lines(), fields(), hosts(), framing(), chunks()}) {
    all.insert(all.end(), table.begin(), table.end());
  }
  return all;
}

}  // namespace rescind::parser_cases

#endif  // RESCIND_WIRE_REQUEST_PARSER_CASES_H_
