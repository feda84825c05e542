// A request and a response as the routes see them, whatever carried them.
#ifndef RESCIND_HTTP_MESSAGE_H_
#define RESCIND_HTTP_MESSAGE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rescind {

struct HeaderField {
  std::string_view name;  // as sent; compared without case
  std::string_view value;
};

// Views into the connection's read buffer, which outlive the answer. The wire has already refused what is not one
// well-formed HTTP/1.x request in origin-form within its limits.
struct Request {
  std::string_view method;
  std::string_view path;   // raw, before "?"; never decoded
  std::string_view query;  // raw, after "?"; empty where there is none
  std::span<const HeaderField> headers;
  std::string_view body;
  std::string_view peer_address;  // of the connection, as text without port
};

struct Response {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  // Content-Length, Date and Connection are the wire's
  std::string body;
};

}  // namespace rescind

#endif  // RESCIND_HTTP_MESSAGE_H_
