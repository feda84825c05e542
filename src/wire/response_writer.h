// A response as bytes (RFC 9112 section 4), with the fields that are the wire's own.
#ifndef RESCIND_WIRE_RESPONSE_WRITER_H_
#define RESCIND_WIRE_RESPONSE_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"
#include "wire/request_parser.h"

namespace rescind {

enum class BodyMode : std::uint8_t {
  kSend,
  kHeadOnly,  // the answer to HEAD: Content-Length as if the body followed
};

// The line "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n".
std::string date_line(WallTime now);

// Appends to `output`. False, and nothing appended, where the response cannot be sent: a status that is not final, or a field
// that could split the response.
[[nodiscard]] bool append_response(std::string& output, const Response& response, BodyMode mode, Persistence persistence,
                                   std::string_view date);

}  // namespace rescind

#endif  // RESCIND_WIRE_RESPONSE_WRITER_H_
