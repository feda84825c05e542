// A JSON body, field by field: what a route does not ask for is refused, so that a misspelt option cannot be ignored.
#ifndef RESCIND_HTTP_JSON_BODY_H_
#define RESCIND_HTTP_JSON_BODY_H_

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/message.h"

namespace rescind {

// Text that can stand in a claim and a log line: no control characters.
bool is_plain(std::string_view text);

// Parsing: strict JSON (no duplicate names), one object, Content-Type application/json. Reading takes a field out and
// remembers the first thing that was wrong; finish() tells it, or names a field that nobody took.
class JsonBody {
 public:
  enum class Presence : std::uint8_t { kRequired, kMayBeEmpty };

  // kUnsupportedMedia or kInvalidRequest. With kMayBeEmpty no body at all counts as {}.
  static Result<JsonBody> parse(const Request& request, Presence presence);

  std::string take_string(std::string_view name, std::size_t max_bytes);  // required, not empty
  std::optional<std::string> take_optional_string(std::string_view name, std::size_t max_bytes);
  std::optional<std::string> take_optional_plain_string(std::string_view name, std::size_t max_bytes);  // no control characters
  std::string take_plain_string(std::string_view name, std::size_t max_bytes);  // required, not empty, no control characters
  // A list of texts without NUL: at most `entries` of at most `bytes_each`.
  struct ListBounds {
    std::size_t entries = 0;
    std::size_t bytes_each = 0;
  };
  std::optional<std::vector<std::string>> take_optional_strings(std::string_view name, ListBounds bounds);
  std::optional<bool> take_optional_bool(std::string_view name);
  std::optional<std::int64_t> take_optional_integer(std::string_view name);  // 0 … 2^53
  std::optional<std::string> take_optional_object(std::string_view name);    // as JSON text
  std::string take_object(std::string_view name);                            // required

  // Call after the last take_…(), before anything is done.
  Result<void> finish();

 private:
  explicit JsonBody(boost::json::object object) : object_(std::move(object)) {}
  std::optional<boost::json::value> take(std::string_view name);
  void complain(std::string_view name, std::string_view what);
  std::string checked_text(std::string_view name, const boost::json::value& value, std::size_t max_bytes);

  boost::json::object object_;
  std::optional<std::string> complaint_;
};

}  // namespace rescind

#endif  // RESCIND_HTTP_JSON_BODY_H_
