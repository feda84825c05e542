// Reading responses in tests.
#ifndef RESCIND_HTTP_TESTING_RESPONSE_READER_H_
#define RESCIND_HTTP_TESTING_RESPONSE_READER_H_

#include <string>
#include <string_view>

#include "http/message.h"

namespace rescind {

// The value of the first field with exactly this name; empty where there is none.
inline std::string field_of(const Response& response, std::string_view name) {
  const std::string lines = "\r\n" + std::string(response.fields.text());
  const std::string start = "\r\n" + std::string(name) + ": ";
  const std::size_t at = lines.find(start);
  if (at == lines.npos) return "";
  const std::size_t begin = at + start.size();
  return lines.substr(begin, lines.find("\r\n", begin) - begin);
}

}  // namespace rescind

#endif  // RESCIND_HTTP_TESTING_RESPONSE_READER_H_
