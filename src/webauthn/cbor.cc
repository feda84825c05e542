#include "webauthn/cbor.h"

#include <algorithm>
#include <limits>

#include "base/utf8.h"
#include "verify/sha256.h"

namespace rescind {
namespace {

using Bytes = CborValue::Bytes;

// RFC 8949 section 3.1.
enum class MajorType : std::uint8_t { kUnsigned, kNegative, kBytes, kText, kArray, kMap, kTag, kSimple };

struct Head {
  MajorType type;
  std::uint64_t argument;
};

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (!take_code_point(text)) return false;
  }
  return true;
}

template <class T>
bool is_same(const CborValue& a, const CborValue& b) {
  const T* left = a.if_type<T>();
  const T* right = b.if_type<T>();
  return left != nullptr && right != nullptr && *left == *right;
}

bool is_key(const CborValue& value) {
  return value.if_type<std::int64_t>() != nullptr || value.if_type<std::string_view>() != nullptr;
}

class Decoder {
 public:
  explicit Decoder(Bytes rest) : rest_(rest) {}

  Bytes rest() const { return rest_; }

  // `depth`: how many arrays and maps may still be opened. Recursion ends there.
  std::optional<CborValue> take_value(std::size_t depth) {
    if (items_++ == kMaxCborItems) return std::nullopt;
    const std::optional<Head> head = take_head();
    if (!head) return std::nullopt;
    switch (head->type) {
      case MajorType::kUnsigned:
      case MajorType::kNegative: return integer(*head);
      case MajorType::kBytes:
      case MajorType::kText: return take_string(*head);
      case MajorType::kArray: return depth == 0 ? std::nullopt : take_array(head->argument, depth - 1);
      case MajorType::kMap: return depth == 0 ? std::nullopt : take_map(head->argument, depth - 1);
      case MajorType::kTag: return std::nullopt;
      case MajorType::kSimple: return simple(head->argument);
    }
    return std::nullopt;
  }

 private:
  static constexpr std::uint8_t kLastShort = 23;  // an argument up to here stands in the first byte
  static constexpr std::uint8_t kLastLong = 27;   // 24 … 27: it stands in the 1, 2, 4 or 8 bytes behind it

  std::optional<Head> take_head() {
    if (rest_.empty()) return std::nullopt;
    const std::uint8_t first = rest_.front();
    const auto type = static_cast<MajorType>(first >> 5);
    const std::uint8_t info = first & 0x1f;
    if (info <= kLastShort) {
      rest_ = rest_.subspan(1);
      return Head{type, info};
    }
    // Behind kLastLong stand the indefinite lengths; the long simple values are floats and what nobody has defined.
    if (info > kLastLong || type == MajorType::kSimple) return std::nullopt;
    const std::size_t size = std::size_t{1} << (info - kLastShort - 1);
    if (rest_.size() - 1 < size) return std::nullopt;
    std::uint64_t argument = 0;
    for (const std::uint8_t byte : rest_.subspan(1, size)) argument = argument << 8 | byte;
    const std::uint64_t least = size == 1 ? kLastShort + 1 : std::uint64_t{1} << (size * 4);
    if (argument < least) return std::nullopt;
    rest_ = rest_.subspan(1 + size);
    return Head{type, argument};
  }

  static std::optional<CborValue> integer(Head head) {
    if (head.argument > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    const auto number = static_cast<std::int64_t>(head.argument);
    return CborValue(head.type == MajorType::kUnsigned ? number : -1 - number);
  }

  static std::optional<CborValue> simple(std::uint64_t argument) {
    switch (argument) {
      case 20: return CborValue(false);
      case 21: return CborValue(true);
      case 22: return CborValue(std::monostate());
      default: return std::nullopt;
    }
  }

  std::optional<CborValue> take_string(Head head) {
    if (head.argument > rest_.size()) return std::nullopt;
    const Bytes bytes = rest_.first(static_cast<std::size_t>(head.argument));
    rest_ = rest_.subspan(bytes.size());
    if (head.type == MajorType::kBytes) return CborValue(bytes);
    if (!is_utf8(as_text(bytes))) return std::nullopt;
    return CborValue(as_text(bytes));
  }

  // A count is believed only as far as the values are there: nothing is reserved for it.
  std::optional<CborValue> take_array(std::uint64_t count, std::size_t depth) {
    CborValue::Array array;
    for (std::uint64_t i = 0; i < count; ++i) {
      std::optional<CborValue> value = take_value(depth);
      if (!value) return std::nullopt;
      array.push_back(std::move(*value));
    }
    return CborValue(std::move(array));
  }

  std::optional<CborValue> take_map(std::uint64_t count, std::size_t depth) {
    CborValue::Map map;
    for (std::uint64_t i = 0; i < count; ++i) {
      std::optional<CborValue> key = take_value(0);
      if (!key || !is_key(*key)) return std::nullopt;
      const bool is_double = std::ranges::any_of(map, [&](const auto& member) {
        return is_same<std::int64_t>(member.first, *key) || is_same<std::string_view>(member.first, *key);
      });
      if (is_double) return std::nullopt;
      std::optional<CborValue> value = take_value(depth);
      if (!value) return std::nullopt;
      map.emplace_back(std::move(*key), std::move(*value));
    }
    return CborValue(std::move(map));
  }

  Bytes rest_;
  std::size_t items_ = 0;
};

template <class Key>
const CborValue* find_member(const CborValue& value, const Key& key) {
  const CborValue::Map* map = value.if_type<CborValue::Map>();
  if (map == nullptr) return nullptr;
  for (const auto& member : *map) {
    if (const Key* name = member.first.if_type<Key>(); name != nullptr && *name == key) return &member.second;
  }
  return nullptr;
}

}  // namespace

const CborValue* CborValue::find(std::int64_t key) const { return find_member(*this, key); }
const CborValue* CborValue::find(std::string_view key) const { return find_member(*this, key); }

std::size_t CborValue::members() const {
  const Map* map = if_type<Map>();
  return map == nullptr ? 0 : map->size();
}

std::optional<CborValue> decode_cbor(Bytes bytes) {
  std::optional<CborValue> value = take_cbor(bytes);
  if (!value || !bytes.empty()) return std::nullopt;
  return value;
}

std::optional<CborValue> take_cbor(Bytes& rest) {
  Decoder decoder(rest);
  std::optional<CborValue> value = decoder.take_value(kMaxCborDepth);
  if (value) rest = decoder.rest();
  return value;
}

}  // namespace rescind
