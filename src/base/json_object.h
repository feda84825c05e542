// Writing JSON (RFC 8259) without a tree in between.
#ifndef RESCIND_BASE_JSON_OBJECT_H_
#define RESCIND_BASE_JSON_OBJECT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rescind {

// `text` as a JSON string with its quotes, escaped (section 7). Precondition: `text` is UTF-8.
void append_json_string(std::string& output, std::string_view text);

// One JSON object, written member by member in the order of the calls. Names are the caller's own literals: they need no
// escape and do not come twice.
//
// Thread-safety: one thread at a time.
class JsonObject {
 public:
  static constexpr std::size_t kUsualBytes = 512;

  // Longer ones grow.
  explicit JsonObject(std::size_t usual_bytes = kUsualBytes) { text_.reserve(usual_bytes); }

  void add(std::string_view name, std::string_view text);
  void add(std::string_view name, std::int64_t number);
  void add(std::string_view name, std::span<const std::string> texts);
  void add(std::string_view name, JsonObject object);
  void add(std::string_view name, std::span<JsonObject> objects);  // takes them
  void add_truth(std::string_view name, bool truth);               // a literal would rather be a bool than a string_view

  // "name":value,… as they are; nothing where `members` is empty. Precondition: valid, and of no name that is here.
  void add_members(std::string_view members);

  std::string finish() &&;

 private:
  void begin(std::string_view name);
  std::string text_;  // without the last brace
};

}  // namespace rescind

#endif  // RESCIND_BASE_JSON_OBJECT_H_
