// The parser of HTTP/1.x requests: bytes in, one request or one refusal out. No socket, no clock.
//
// Hand-written instead of Beast's, because what has to be refused (bare line feeds, obs-fold, white space before the colon,
// a second Host, chunk extensions) takes a strict look at every byte of the head anyway, and after that look nothing is left
// for another parser to do. The fuzz target holds it against Beast: what is accepted here, Beast reads the same way.
#ifndef RESCIND_WIRE_REQUEST_PARSER_H_
#define RESCIND_WIRE_REQUEST_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "wire/chunked_body.h"
#include "wire/limits.h"
#include "wire/refusal.h"

namespace rescind {

enum class ParseState : std::uint8_t {
  kNeedHead,  // the head is not all here
  kNeedBody,  // the head is good; the body is not all here
  kComplete,
  kRefused,
};

enum class Persistence : std::uint8_t {
  kKeepAlive,        // HTTP/1.1: unless "Connection: close"
  kKeepAliveHttp10,  // HTTP/1.0 that asked for it: the answer has to say so
  kClose,
};

// Lifecycle: parse() until it says kComplete or kRefused, then reset() for the next request. The result depends only on
// the bytes, never on how they were split.
// Thread-safety: one thread. Keeps its storage, so that a connection's later requests allocate nothing.
class RequestParser {
 public:
  explicit RequestParser(const WireLimits& limits);

  void reset();

  // `data` is everything received from the first byte of this request on, and may hold more than this request. It grows from
  // call to call and may have moved in memory.
  ParseState parse(std::string_view data);

  // After kComplete, until `data` moves or reset(). peer_address is for the caller to set.
  Request& request() { return request_; }
  std::size_t size() const { return size_; }  // the bytes of `data` that were this request
  Persistence persistence() const { return persistence_; }

  // After kNeedHead or kNeedBody: the size of `data` with which parse() can get any further.
  std::size_t wanted() const { return wanted_; }
  std::size_t head_size() const { return head_size_; }  // from kNeedBody on
  bool expects_continue() const { return expects_continue_; }

  // After kRefused.
  Refusal refusal() const { return refusal_; }
  std::string_view message() const { return message_; }

 private:
  struct Slice {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  struct FieldSlices {
    Slice name;
    Slice value;
  };

  // Each returns false after refuse().
  bool parse_head(std::string_view data);
  bool parse_request_line(std::string_view line);
  bool parse_version(std::string_view version);
  bool parse_field(std::string_view data, Slice line);
  bool note_field(std::string_view name, std::string_view value);
  bool note_host(std::string_view value);
  bool note_content_length(std::string_view value);
  bool note_transfer_encoding(std::string_view value);
  bool note_connection(std::string_view value);
  bool note_expect(std::string_view value);
  bool finish_head();
  bool refuse(Refusal refusal, std::string_view message);
  bool refuse_endless_head(std::string_view data);

  ParseState parse_body(std::string_view data);
  ParseState complete(std::string_view data, std::string_view body, std::size_t size);

  const WireLimits& limits_;
  ParseState state_ = ParseState::kNeedHead;

  // Offsets into `data`, because it may move while the request is arriving.
  std::size_t line_ = 0;     // of the line that is being read
  std::size_t scanned_ = 0;  // up to here no line feed
  Slice method_, path_, query_;
  std::vector<FieldSlices> fields_;

  bool has_request_line_ = false;
  bool http_1_0_ = false;
  bool has_host_ = false;
  bool has_content_length_ = false;
  bool chunked_ = false;
  bool asks_close_ = false;
  bool asks_keep_alive_ = false;
  bool expects_continue_ = false;
  std::uint64_t content_length_ = 0;
  std::size_t head_size_ = 0;
  ChunkedBody chunked_body_;

  std::size_t size_ = 0;
  std::size_t wanted_ = 0;
  Persistence persistence_ = Persistence::kClose;
  std::vector<HeaderField> headers_;
  Request request_;
  Refusal refusal_ = Refusal::kInvalidRequest;
  std::string_view message_;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_REQUEST_PARSER_H_
