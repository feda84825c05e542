// What is accepted has one encoding: written again it is the bytes that were read.
#include "webauthn/cbor.h"

#include <cstdlib>
#include <string>

#include "verify/sha256.h"
#include "webauthn/testing/cbor_text.h"

namespace {

using namespace rescind;

std::string encode(const CborValue& value) {
  if (const auto* flag = value.if_type<bool>()) return *flag ? "\xf5" : "\xf4";
  if (const auto* number = value.if_type<std::int64_t>()) return testing::cbor_integer(*number);
  if (const auto* bytes = value.if_type<CborValue::Bytes>()) return testing::cbor_bytes(as_text(*bytes));
  if (const auto* text = value.if_type<std::string_view>()) return testing::cbor_text(*text);
  if (const auto* array = value.if_type<CborValue::Array>()) {
    std::string text = testing::cbor_head(4, array->size());
    for (const CborValue& element : *array) text += encode(element);
    return text;
  }
  if (const auto* map = value.if_type<CborValue::Map>()) {
    std::string text = testing::cbor_head(5, map->size());
    for (const auto& [key, member] : *map) text += encode(key) + encode(member);
    return text;
  }
  return "\xf6";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::uint8_t> rest(data, size);
  const auto value = take_cbor(rest);
  if (value && encode(*value) != as_text({data, size - rest.size()})) std::abort();
  if (!value && rest.size() != size) std::abort();
  if (decode_cbor({data, size}).has_value() != (value && rest.empty())) std::abort();
  return 0;
}
