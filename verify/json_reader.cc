#include "verify/json_reader.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace rescind {
namespace {

constexpr std::size_t kFewNames = 16;
constexpr std::size_t kSafeDigits = 18;  // 10^18 - 1 is less than 2^63

std::uint64_t load_word(const char* from) {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

constexpr std::uint64_t repeat(std::uint8_t byte) { return 0x0101010101010101u * byte; }

// The high bit of each byte that is zero. Above the lowest one it may be set where the byte is 1: only the lowest counts.
std::uint64_t zero_bytes(std::uint64_t word) { return (word - repeat(1)) & ~word & repeat(0x80); }

// A byte of a string that is more than itself: a quote, a backslash, a control character, or of UTF-8's longer forms.
bool is_special(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || (c & 0x80) != 0; }

std::uint64_t special_bytes(std::uint64_t word) {
  const std::uint64_t control = (word - repeat(0x20)) & ~word & repeat(0x80);
  return zero_bytes(word ^ repeat('"')) | zero_bytes(word ^ repeat('\\')) | control | (word & repeat(0x80));
}

#ifdef __SSE2__
// A bit for each byte.
unsigned special_bytes(__m128i bytes) {
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const __m128i control_or_long = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));  // as signed bytes
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control_or_long)));
}
#endif

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_continuation(unsigned char c) { return (c & 0xc0) == 0x80; }
bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

void append_utf8(std::string& to, std::uint32_t code) {
  const auto add = [&to](std::uint32_t byte) { to.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    add(0xe0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3f));
  } else {
    add(0xf0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3f));
    add(0x80 | (code >> 6 & 0x3f));
  }
  add(0x80 | (code & 0x3f));
}

}  // namespace

JsonReader::Kind JsonReader::peek() {
  skip_space();
  if (next_ == end_) return Kind::kNone;
  switch (*next_) {
    case '{': return Kind::kObject;
    case '[': return Kind::kArray;
    case '"': return Kind::kString;
    case 't': return Kind::kTrue;
    case 'f': return Kind::kFalse;
    case 'n': return Kind::kNull;
    default: return is_digit(*next_) || *next_ == '-' ? Kind::kNumber : Kind::kNone;
  }
}

bool JsonReader::read_word(std::string_view word) {
  skip_space();
  if (!std::string_view(next_, static_cast<std::size_t>(end_ - next_)).starts_with(word)) return false;
  next_ += word.size();
  return true;
}

bool JsonReader::skip_value() {
  switch (peek()) {
    // Recursion is bounded by the depth.
    case Kind::kObject: return read_object([this](std::string_view) { return skip_value(); });
    case Kind::kArray: return read_array([this] { return skip_value(); });
    case Kind::kString: {
      std::string_view text;
      return read_string(text);
    }
    case Kind::kNumber: {
      JsonNumber number;
      return read_number(number);
    }
    case Kind::kTrue: return read_true();
    case Kind::kFalse: return read_false();
    case Kind::kNull: return read_null();
    case Kind::kNone: return false;
  }
  return false;
}

// --- strings (RFC 8259 section 7) ---

const char* JsonReader::skip_plain(const char* from) const {
#ifdef __SSE2__
  for (; end_ - from >= 16; from += 16) {
    const unsigned special = special_bytes(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
    if (special != 0) return from + std::countr_zero(special);
  }
#endif
  while (end_ - from >= 8) {
    const std::uint64_t special = special_bytes(load_word(from));
    if (special == 0) {
      from += 8;
    } else if constexpr (std::endian::native == std::endian::little) {
      return from + std::countr_zero(special) / 8;
    } else {
      break;
    }
  }
  while (from != end_ && !is_special(*from)) ++from;
  return from;
}

// Behind one character of two to four bytes (RFC 3629 section 4), or null: overlong forms, surrogates, beyond U+10FFFF.
const char* JsonReader::skip_utf8(const char* from) const {
  const auto byte = [from](int i) { return static_cast<unsigned char>(from[i]); };
  const std::ptrdiff_t left = end_ - from;
  const unsigned char lead = byte(0);
  if (lead >= 0xc2 && lead < 0xe0) return left >= 2 && is_continuation(byte(1)) ? from + 2 : nullptr;
  if (lead >= 0xe0 && lead < 0xf0) {
    if (left < 3 || !is_continuation(byte(1)) || !is_continuation(byte(2))) return nullptr;
    if ((lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) >= 0xa0)) return nullptr;
    return from + 3;
  }
  if (lead >= 0xf0 && lead < 0xf5) {
    if (left < 4 || !is_continuation(byte(1)) || !is_continuation(byte(2)) || !is_continuation(byte(3))) return nullptr;
    if ((lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) >= 0x90)) return nullptr;
    return from + 4;
  }
  return nullptr;
}

// A string whose first byte that is not plain stands at next_, and is no quote.
bool JsonReader::read_rest(const char* begin, std::string_view& to) {
  while (next_ != end_ && *next_ != '"') {
    if (*next_ == '\\') return read_escaped(begin, to);
    const char* const behind = skip_utf8(next_);
    if (behind == nullptr) return false;  // a control character, too, is no lead byte
    next_ = skip_plain(behind);
  }
  if (next_ == end_) return false;
  to = {begin, next_++};
  return true;
}

// A string whose first escape stands at next_.
bool JsonReader::read_escaped(const char* begin, std::string_view& to) {
  std::string& text = copies_.emplace_front(begin, next_);
  while (next_ != end_) {
    const char* const plain = next_;
    next_ = skip_plain(next_);
    text.append(plain, next_);
    if (next_ == end_) return false;
    if (*next_ == '"') {
      ++next_;
      to = text;
      return true;
    }
    if (*next_ == '\\') {
      ++next_;
      if (!append_escape(text)) return false;
    } else {
      const char* const behind = skip_utf8(next_);
      if (behind == nullptr) return false;
      text.append(next_, behind);
      next_ = behind;
    }
  }
  return false;
}

// What stands behind a backslash.
bool JsonReader::append_escape(std::string& to) {
  if (next_ == end_) return false;
  switch (*next_++) {
    case '"': to += '"'; return true;
    case '\\': to += '\\'; return true;
    case '/': to += '/'; return true;
    case 'b': to += '\b'; return true;
    case 'f': to += '\f'; return true;
    case 'n': to += '\n'; return true;
    case 'r': to += '\r'; return true;
    case 't': to += '\t'; return true;
    case 'u': break;
    default: return false;
  }
  const std::optional<std::uint32_t> unit = read_code_unit();
  if (!unit || is_low_surrogate(*unit)) return false;
  if (!is_high_surrogate(*unit)) {
    append_utf8(to, *unit);
    return true;
  }
  if (end_ - next_ < 2 || next_[0] != '\\' || next_[1] != 'u') return false;
  next_ += 2;
  const std::optional<std::uint32_t> low = read_code_unit();
  if (!low || !is_low_surrogate(*low)) return false;
  append_utf8(to, 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00));
  return true;
}

std::optional<std::uint32_t> JsonReader::read_code_unit() {
  if (end_ - next_ < 4) return std::nullopt;
  std::uint32_t unit = 0;
  const auto [behind, error] = std::from_chars(next_, next_ + 4, unit, 16);
  if (error != std::errc() || behind != next_ + 4) return std::nullopt;
  next_ = behind;
  return unit;
}

// --- numbers (RFC 8259 section 6) ---

// How many, and what they stand for where they are no more than kSafeDigits.
std::size_t JsonReader::read_digits(std::uint64_t& value) {
  const char* const first = next_;
  const char* at = first;
  value = 0;
  for (; at != end_ && is_digit(*at); ++at) value = value * 10 + static_cast<std::uint64_t>(*at - '0');
  next_ = at;
  return static_cast<std::size_t>(at - first);
}

bool JsonReader::read_number(JsonNumber& to) {
  skip_space();
  const char* const begin = next_;
  const bool is_negative = next_ != end_ && *next_ == '-';
  if (is_negative) ++next_;
  const bool begins_with_zero = next_ != end_ && *next_ == '0';
  std::uint64_t value = 0;
  const std::size_t digits = read_digits(value);
  if (digits == 0 || (begins_with_zero && digits > 1)) return false;
  bool is_integer = true;
  std::uint64_t rest = 0;
  if (next_ != end_ && *next_ == '.') {
    is_integer = false;
    ++next_;
    if (read_digits(rest) == 0) return false;
  }
  if (next_ != end_ && (*next_ == 'e' || *next_ == 'E')) {
    is_integer = false;
    ++next_;
    if (next_ != end_ && (*next_ == '+' || *next_ == '-')) ++next_;
    if (read_digits(rest) == 0) return false;
  }
  if (is_integer && digits <= kSafeDigits) {
    const auto whole = static_cast<std::int64_t>(value);
    to = is_negative ? -whole : whole;
    return true;
  }
  std::int64_t whole = 0;
  std::uint64_t large = 0;
  double real = 0;
  if (is_integer && std::from_chars(begin, next_, whole).ec == std::errc()) {
    to = whole;
  } else if (is_integer && !is_negative && std::from_chars(begin, next_, large).ec == std::errc()) {
    to = large;
  } else if (std::from_chars(begin, next_, real).ec != std::errc()) {
    return false;
  } else if (is_integer) {
    to = BeyondInteger{};
  } else {
    to = real;
  }
  return true;
}

// --- names ---

// Whether no name of those from `first` on stands there twice. Few are compared each with each; many are sorted first, so that
// an object of a hundred thousand members costs no more than its text does.
bool JsonReader::are_distinct(std::size_t first) {
  const auto begin = names_.begin() + static_cast<std::ptrdiff_t>(first);
  if (names_.size() - first <= kFewNames) {
    std::uint64_t seen = 0;  // a bit for each name so far: one whose bit is not there yet is none of them
    for (auto one = begin; one != names_.end(); ++one) {
      const std::uint64_t bit = std::uint64_t{1} << (one->mark * 0x9e3779b97f4a7c15u >> 58);
      const bool is_new = (seen & bit) == 0;
      seen |= bit;
      if (is_new) continue;
      for (auto other = begin; other != one; ++other) {
        if (one->mark == other->mark && one->text == other->text) return false;
      }
    }
    return true;
  }
  std::sort(begin, names_.end(), [](const Name& one, const Name& other) { return one.text < other.text; });
  return std::adjacent_find(begin, names_.end(), [](const Name& one, const Name& other) { return one.text == other.text; }) ==
         names_.end();
}

}  // namespace rescind
