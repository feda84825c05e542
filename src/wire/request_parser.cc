#include "wire/request_parser.h"

#include <algorithm>

#include "base/field_rules.h"
#include "wire/head_rules.h"

namespace rescind {

RequestParser::RequestParser(const WireLimits& limits) : limits_(limits), chunked_body_(limits.body_bytes) {}

void RequestParser::reset() {
  state_ = ParseState::kNeedHead;
  line_ = scanned_ = 0;
  fields_.clear();
  has_request_line_ = http_1_0_ = has_host_ = has_content_length_ = chunked_ = false;
  asks_close_ = asks_keep_alive_ = expects_continue_ = false;
  content_length_ = 0;
  head_size_ = size_ = wanted_ = 0;
}

ParseState RequestParser::parse(std::string_view data) {
  if (state_ == ParseState::kNeedHead && !parse_head(data)) return state_;
  return state_ == ParseState::kNeedBody ? parse_body(data) : state_;
}

bool RequestParser::refuse(Refusal refusal, std::string_view message) {
  state_ = ParseState::kRefused;
  refusal_ = refusal;
  message_ = message;
  return false;
}

// Line by line. A line is judged only when all of it is here, so that the verdict does not depend on how it was split; the
// first byte is an exception, which turns away TLS and other protocols at once.
bool RequestParser::parse_head(std::string_view data) {
  if (data.empty()) {
    wanted_ = 1;
    return true;
  }
  if (!contains(kTokenBytes, data.front())) return refuse(Refusal::kInvalidRequest, "the request does not begin with a method");
  const std::string_view window = data.substr(0, limits_.head_bytes);
  for (;;) {
    const std::size_t line_feed = window.find('\n', scanned_);
    if (line_feed == window.npos) {
      if (data.size() >= limits_.head_bytes) return refuse_endless_head(window);
      scanned_ = window.size();
      wanted_ = window.size() + 1;
      return true;
    }
    const std::size_t begin = line_;
    line_ = scanned_ = line_feed + 1;
    if (line_feed == begin || window[line_feed - 1] != '\r') {
      return refuse(Refusal::kInvalidRequest, "a line of the head does not end in CR LF");
    }
    const std::string_view line = window.substr(begin, line_feed - 1 - begin);
    if (!has_request_line_) {
      has_request_line_ = true;
      if (!parse_request_line(line)) return false;
    } else if (line.empty()) {
      head_size_ = line_;
      return finish_head();
    } else if (!parse_field(data, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(line.size())})) {
      return false;
    }
  }
}

bool RequestParser::refuse_endless_head(std::string_view window) {
  if (!has_request_line_) {
    const std::size_t target = window.find(' ');
    const std::size_t end = target == window.npos ? window.npos : window.find(' ', target + 1);
    if (target != window.npos && std::min(end, window.size()) - (target + 1) > limits_.target_bytes) {
      return refuse(Refusal::kUriTooLong, "the request target is too long");
    }
  }
  return refuse(Refusal::kHeaderTooLarge, "the head of the request is too large");
}

// method SP request-target SP HTTP-version, with exactly one space each (RFC 9112 section 3).
bool RequestParser::parse_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == line.npos ? line.npos : line.find(' ', first + 1);
  if (second == line.npos) return refuse(Refusal::kInvalidRequest, "the request line is malformed");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, second - first - 1);
  if (!is_token(method)) return refuse(Refusal::kInvalidRequest, "the method is malformed");
  if (!parse_version(line.substr(second + 1))) return false;
  if (method == "CONNECT" || method == "TRACE") return refuse(Refusal::kMethodNotAllowed, "this method is not allowed");
  if (target.size() > limits_.target_bytes) return refuse(Refusal::kUriTooLong, "the request target is too long");
  if (!is_origin_form(target)) return refuse(Refusal::kInvalidRequest, "the request target is not in origin form");

  const std::size_t path_size = std::min(target.find('?'), target.size());
  const auto target_begin = static_cast<std::uint32_t>(first + 1);
  method_ = {0, static_cast<std::uint32_t>(first)};
  path_ = {target_begin, static_cast<std::uint32_t>(path_size)};
  const std::size_t query_at = std::min(path_size + 1, target.size());
  query_ = {target_begin + static_cast<std::uint32_t>(query_at), static_cast<std::uint32_t>(target.size() - query_at)};
  return true;
}

bool RequestParser::parse_version(std::string_view version) {
  if (version == "HTTP/1.1") return true;
  if (version == "HTTP/1.0") {
    http_1_0_ = true;
    return true;
  }
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() == 8 && version.starts_with("HTTP/") && digit(version[5]) && version[6] == '.' && digit(version[7])) {
    return refuse(Refusal::kVersionNotSupported, "only HTTP/1.1 and HTTP/1.0 are spoken here");
  }
  return refuse(Refusal::kInvalidRequest, "the request line is malformed");
}

bool RequestParser::parse_field(std::string_view data, Slice slice) {
  const std::string_view line = data.substr(slice.begin, slice.size);
  if (fields_.size() == limits_.header_count) return refuse(Refusal::kHeaderTooLarge, "there are too many header fields");
  const std::size_t colon = count_leading(kTokenBytes, line);
  // Also closes obs-fold (a line that begins with white space) and "Transfer-Encoding : chunked".
  if (colon == 0 || colon == line.size() || line[colon] != ':') {
    return refuse(Refusal::kInvalidRequest, "the name of a header field is malformed");
  }
  const std::string_view value = trim_white_space(line.substr(colon + 1));
  if (!is_field_value(value)) return refuse(Refusal::kInvalidRequest, "a header field holds a control character");
  const Slice value_slice{static_cast<std::uint32_t>(value.data() - data.data()), static_cast<std::uint32_t>(value.size())};
  fields_.push_back({{slice.begin, static_cast<std::uint32_t>(colon)}, value_slice});
  return note_field(line.substr(0, colon), value);
}

// The fields that frame the message; the rest is for the routes.
bool RequestParser::note_field(std::string_view name, std::string_view value) {
  switch (name.size()) {
    case 4: return !equal_without_case(name, "host") || note_host(value);
    case 6: return !equal_without_case(name, "expect") || note_expect(value);
    case 10: return !equal_without_case(name, "connection") || note_connection(value);
    case 14: return !equal_without_case(name, "content-length") || note_content_length(value);
    case 17: return !equal_without_case(name, "transfer-encoding") || note_transfer_encoding(value);
  }
  return true;
}

bool RequestParser::note_host(std::string_view value) {
  if (has_host_) return refuse(Refusal::kInvalidRequest, "there are two Host fields");
  has_host_ = true;
  return is_host(value) || refuse(Refusal::kInvalidRequest, "the Host field is malformed");
}

// RFC 9112 section 6.3 allows "5, 5" to be read as 5. Something in front of us may not.
bool RequestParser::note_content_length(std::string_view value) {
  const auto length = parse_content_length(value);
  if (has_content_length_ || !length) return refuse(Refusal::kInvalidRequest, "Content-Length is not one decimal number");
  has_content_length_ = true;
  content_length_ = *length;
  return true;
}

// Byte for byte, although names of codings ignore case: nobody but an attacker sends another spelling.
bool RequestParser::note_transfer_encoding(std::string_view value) {
  if (chunked_ || value != "chunked") return refuse(Refusal::kInvalidRequest, "Transfer-Encoding is not exactly chunked");
  chunked_ = true;
  return true;
}

bool RequestParser::note_connection(std::string_view value) {
  if (!is_token_list(value)) return refuse(Refusal::kInvalidRequest, "the Connection field is malformed");
  asks_close_ = asks_close_ || list_contains(value, "close");
  asks_keep_alive_ = asks_keep_alive_ || list_contains(value, "keep-alive");
  return true;
}

bool RequestParser::note_expect(std::string_view value) {
  if (!equal_without_case(value, "100-continue")) {
    return refuse(Refusal::kExpectationFailed, "the only expectation met here is 100-continue");
  }
  expects_continue_ = true;
  return true;
}

bool RequestParser::finish_head() {
  if (!has_host_ && !http_1_0_) return refuse(Refusal::kInvalidRequest, "there is no Host field");
  if (chunked_ && has_content_length_) {
    return refuse(Refusal::kInvalidRequest, "Content-Length and Transfer-Encoding exclude each other");
  }
  if (chunked_ && http_1_0_) return refuse(Refusal::kInvalidRequest, "HTTP/1.0 has no Transfer-Encoding");
  if (content_length_ > limits_.body_bytes) return refuse(Refusal::kPayloadTooLarge, "the body is too large");
  if (http_1_0_) expects_continue_ = false;  // RFC 9110 section 10.1.1
  if (chunked_) chunked_body_.reset();

  persistence_ = Persistence::kKeepAlive;
  if (http_1_0_) persistence_ = asks_keep_alive_ ? Persistence::kKeepAliveHttp10 : Persistence::kClose;
  if (asks_close_) persistence_ = Persistence::kClose;
  state_ = ParseState::kNeedBody;
  return true;
}

ParseState RequestParser::parse_body(std::string_view data) {
  if (!chunked_) {
    const std::size_t end = head_size_ + static_cast<std::size_t>(content_length_);
    if (data.size() >= end) return complete(data, data.substr(head_size_, end - head_size_), end);
    wanted_ = end;
    return state_;
  }
  switch (chunked_body_.parse(data.substr(head_size_))) {
    case ChunkedState::kComplete: return complete(data, chunked_body_.decoded(), head_size_ + chunked_body_.raw_size());
    case ChunkedState::kNeedMore: wanted_ = head_size_ + chunked_body_.wanted(); break;
    case ChunkedState::kMalformed: refuse(Refusal::kInvalidRequest, "the chunked body is malformed"); break;
    case ChunkedState::kTooLarge: refuse(Refusal::kPayloadTooLarge, "the body is too large"); break;
  }
  return state_;
}

ParseState RequestParser::complete(std::string_view data, std::string_view body, std::size_t size) {
  const auto view = [&](Slice slice) { return data.substr(slice.begin, slice.size); };
  headers_.resize(fields_.size());
  for (std::size_t i = 0; i < fields_.size(); ++i) headers_[i] = {view(fields_[i].name), view(fields_[i].value)};
  request_ = {view(method_), view(path_), view(query_), headers_, body, {}};
  size_ = size;
  return state_ = ParseState::kComplete;
}

}  // namespace rescind
