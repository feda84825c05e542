// What parses, is written back as text that parses to the same value.
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <string>

#include "verify/sha256.h"
#include "verify/strict_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  constexpr std::size_t kDepth = 8;
  const auto value = parse_strict_json(as_text({data, size}), kDepth);
  if (!value) return 0;
  const std::string text = boost::json::serialize(*value);
  const auto again = parse_strict_json(text, kDepth);
  // Boost.JSON reads and writes doubles to within the last bit, hence the comparison of shapes and not of numbers.
  if (!again || again->kind() != value->kind()) std::abort();
  if (value->is_object() && again->get_object().size() != value->get_object().size()) std::abort();
  if (value->is_array() && again->get_array().size() != value->get_array().size()) std::abort();
  if (value->is_string() && again->get_string() != value->get_string()) std::abort();
  return 0;
}
