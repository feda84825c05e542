// Our reader and Boost.JSON's parser say the same of every text: a second pair of eyes. And what parses, is written back as
// text that parses to the same value.
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "verify/sha256.h"
#include "verify/strict_json.h"

namespace {

namespace json = boost::json;

constexpr std::size_t kDepth = 8;

// Counts members as they are written; a tree keeps one of each name. Notes numbers that we refuse and Boost.JSON rounds.
struct Counter {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return true; }
  bool on_object_end(std::size_t size, json::error_code&) { return members += size, true; }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t, json::error_code&) { return true; }
  bool on_key_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_key(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
  bool on_double(double number, json::string_view, json::error_code&) {
    const double size = std::fabs(number);
    rounds = rounds || size < std::numeric_limits<double>::min() || !(size < 0x1p63);
    return true;
  }
  bool on_bool(bool, json::error_code&) { return true; }
  bool on_null(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return false; }
  bool on_comment(json::string_view, json::error_code&) { return false; }

  std::size_t members = 0;
  bool rounds = false;
};

std::size_t count_members(const json::value& value) {
  std::size_t count = 0;
  if (const json::object* object = value.if_object()) {
    count = object->size();
    for (const auto& member : *object) count += count_members(member.value());
  } else if (const json::array* array = value.if_array()) {
    for (const json::value& element : *array) count += count_members(element);
  }
  return count;
}

// Boost.JSON reads and writes doubles to within the last bit, hence the comparison of kinds there.
bool is_same(const json::value& one, const json::value& other) {
  if (one.is_double() || other.is_double()) return one.is_double() && other.is_double();
  if (one.is_object() && other.is_object()) {
    if (one.get_object().size() != other.get_object().size()) return false;
    for (const auto& member : one.get_object()) {
      const json::value* same = other.get_object().if_contains(member.key());
      if (same == nullptr || !is_same(member.value(), *same)) return false;
    }
    return true;
  }
  if (one.is_array() && other.is_array()) {
    return std::equal(one.get_array().begin(), one.get_array().end(), other.get_array().begin(), other.get_array().end(),
                      is_same);
  }
  return one == other;
}

void require(bool good) {
  if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  const std::string_view text = as_text({data, size});
  json::parse_options options;
  options.max_depth = kDepth;
  json::basic_parser<Counter> counting(options);
  json::error_code error;
  const bool is_json = counting.write_some(false, text.data(), text.size(), error) == text.size() && !error && counting.done();
  const Counter& counter = counting.handler();

  const auto value = parse_strict_json(text, kDepth);
  if (!value) {
    if (!is_json || counter.rounds) return 0;
    require(count_members(json::parse(text, {}, options)) < counter.members);  // a name stands twice
    return 0;
  }
  if (error == json::error::exponent_overflow) return 0;  // "0e999": to us 0, to Boost.JSON too large
  require(is_json && count_members(*value) == counter.members && is_same(*value, json::parse(text, {}, options)));
  const std::string written = json::serialize(*value);
  const auto again = parse_strict_json(written, kDepth);
  require(again && is_same(*again, *value));
  return 0;
}
