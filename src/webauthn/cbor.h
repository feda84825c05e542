// CBOR (RFC 8949) as authenticators write it (CTAP 2.1 section 8, "message encoding"), and nothing more.
//
// Accepted: integers that fit an int64, byte strings, text strings of valid UTF-8, arrays, maps with integers or text as
// keys, false, true and null. Refused: indefinite lengths, tags, floats and other simple values, an integer or length that is
// not in its shortest form, a key that comes twice, more than kMaxCborDepth arrays and maps within each other, more than
// kMaxCborItems values. The order of keys is not looked at: authenticators differ.
#ifndef RESCIND_WEBAUTHN_CBOR_H_
#define RESCIND_WEBAUTHN_CBOR_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rescind {

inline constexpr std::size_t kMaxCborDepth = 6;
inline constexpr std::size_t kMaxCborItems = 256;

// One value. Strings are views of the bytes that were decoded.
class CborValue {
 public:
  using Bytes = std::span<const std::uint8_t>;
  using Array = std::vector<CborValue>;
  using Map = std::vector<std::pair<CborValue, CborValue>>;
  using Content = std::variant<std::monostate, bool, std::int64_t, Bytes, std::string_view, Array, Map>;  // monostate: null

  explicit CborValue(Content content) : content_(std::move(content)) {}

  // Null where the value is of another type.
  template <class T>
  const T* if_type() const {
    return std::get_if<T>(&content_);
  }

  // The member of a map under this key; null where there is none or this is no map.
  const CborValue* find(std::int64_t key) const;
  const CborValue* find(std::string_view key) const;

  // The number of members of a map; 0 where this is no map.
  std::size_t members() const;

 private:
  Content content_;
};

// Absent where `bytes` is not one value and nothing else.
std::optional<CborValue> decode_cbor(std::span<const std::uint8_t> bytes);

// The one value at the front of `rest`, which it is taken off. Absent, and `rest` as it was, where there is none.
std::optional<CborValue> take_cbor(std::span<const std::uint8_t>& rest);

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_CBOR_H_
