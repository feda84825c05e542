#include "verify/strict_json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <new>

#include "verify/json_reader.h"

namespace rescind {
namespace {

namespace json = boost::json;

class TreeReader {
 public:
  TreeReader(std::string_view text, std::size_t max_depth, json::storage_ptr storage)
      : reader_(text, max_depth), storage_(std::move(storage)) {}

  std::optional<json::value> read() {
    json::value value(storage_);
    if (!read_value(value) || !reader_.is_at_end()) return std::nullopt;
    return value;
  }

 private:
  // Recursion is bounded by the depth.
  bool read_value(json::value& to) {
    switch (reader_.peek()) {
      case JsonReader::Kind::kObject: {
        json::object& object = to.emplace_object();
        return reader_.read_object([&](std::string_view name) { return read_value(object[name]); });
      }
      case JsonReader::Kind::kArray: {
        json::array& array = to.emplace_array();
        return reader_.read_array([&] { return read_value(array.emplace_back(nullptr)); });
      }
      case JsonReader::Kind::kString: {
        std::string_view text;
        if (!reader_.read_string(text)) return false;
        to.emplace_string() = text;
        return true;
      }
      case JsonReader::Kind::kNumber: return read_number(to);
      case JsonReader::Kind::kTrue: to.emplace_bool() = true; return reader_.read_true();
      case JsonReader::Kind::kFalse: to.emplace_bool() = false; return reader_.read_false();
      case JsonReader::Kind::kNull: to.emplace_null(); return reader_.read_null();
      case JsonReader::Kind::kNone: return false;
    }
    return false;
  }

  bool read_number(json::value& to) {
    JsonNumber number;
    if (!reader_.read_number(number)) return false;
    if (const auto* whole = std::get_if<std::int64_t>(&number)) {
      to.emplace_int64() = *whole;
    } else if (const auto* large = std::get_if<std::uint64_t>(&number)) {
      to.emplace_uint64() = *large;
    } else if (const auto* real = std::get_if<double>(&number)) {
      to.emplace_double() = *real;
    } else {
      return false;
    }
    return true;
  }

  JsonReader reader_;
  json::storage_ptr storage_;
};

}  // namespace

std::optional<json::value> parse_strict_json(std::string_view text, std::size_t max_depth, json::storage_ptr storage) try {
  return TreeReader(text, max_depth, std::move(storage)).read();
} catch (const std::exception&) {  // out of memory, or a string beyond Boost.JSON's limit
  return std::nullopt;
}

}  // namespace rescind
