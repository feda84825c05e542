// Reads JSON as a security boundary wants it, in one pass and without building a tree: one value, no duplicate member names
// (compared after un-escaping), valid UTF-8, a bounded depth, no number that is too large or too small for a double, nothing
// behind the value.
//
// The caller asks for what it expects, value by value; every answer of "no" is final, and nothing that was read before it
// counts. Texts that are handed out live as long as the text that is read and, where they held an escape, the copies that
// the reader keeps.
//
// Memory: 24 bytes for each member of the open objects, and the un-escaped copy of a string that holds an escape.
//
// Thread-safety: one thread.
#ifndef RESCIND_VERIFY_JSON_READER_H_
#define RESCIND_VERIFY_JSON_READER_H_

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace rescind {

// An integer is exact: int64 where it fits, uint64 where that fits. A number with a fraction or an exponent is a double.
// BeyondInteger: an integer that would have to be altered to be kept.
struct BeyondInteger {};
using JsonNumber = std::variant<std::int64_t, std::uint64_t, double, BeyondInteger>;

class JsonReader {
 public:
  enum class Kind : std::uint8_t { kObject, kArray, kString, kNumber, kTrue, kFalse, kNull, kNone };

  // Arrays and objects may stand `max_depth` deep in each other. `text` must outlive the reader.
  JsonReader(std::string_view text, std::size_t max_depth)
      : next_(text.data()), end_(text.data() + text.size()), depth_left_(max_depth) {}
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  // What the next value begins as; kNone where nothing does.
  Kind peek();

  // Each reads the next value, and says no where it is of another kind or malformed. A text is written where it will stay: what
  // was written in two halves and is copied as a whole makes the processor wait longer than reading it took.
  bool read_string(std::string_view& to) {
    if (!take('"')) return false;
    const char* const begin = next_;
    next_ = skip_plain(begin);
    if (next_ == end_ || *next_ != '"') return read_rest(begin, to);
    to = {begin, next_++};
    return true;
  }
  bool read_number(JsonNumber& to);
  bool read_true() { return read_word("true"); }
  bool read_false() { return read_word("false"); }
  bool read_null() { return read_word("null"); }
  bool skip_value();  // of any kind, read as strictly as any other

  // `read_member(name)` must read the member's value and say whether it was good. It may be called for a name that turns out
  // to be a duplicate: then read_object() says no at the end.
  template <class ReadMember>
  bool read_object(ReadMember&& read_member) {
    if (!open('{')) return false;
    const std::size_t first = names_.size();
    if (!take('}')) {
      do {
        Name& name = names_.emplace_back();
        if (!read_string(name.text) || !take(':')) return false;
        name.mark = mark_of(name.text);
        if (!read_member(name.text)) return false;
      } while (take(','));
      if (!take('}')) return false;
    }
    ++depth_left_;
    const bool is_good = are_distinct(first);
    names_.resize(first);
    return is_good;
  }

  // `read_element()` must read one value and say whether it was good.
  template <class ReadElement>
  bool read_array(ReadElement&& read_element) {
    if (!open('[')) return false;
    if (!take(']')) {
      do {
        if (!read_element()) return false;
      } while (take(','));
      if (!take(']')) return false;
    }
    ++depth_left_;
    return true;
  }

  // Hands on the copies, for texts that are to outlive the reader.
  std::forward_list<std::string> take_copies() { return std::move(copies_); }

  // True where nothing but white space is left.
  bool is_at_end() {
    skip_space();
    return next_ == end_;
  }

 private:
  struct Name {
    std::uint64_t mark = 0;  // differs only between names that differ: most comparisons end here
    std::string_view text;
  };
  static std::uint64_t mark_of(std::string_view name) {
    if (name.empty()) return 0;
    return std::uint64_t{name.size()} << 16 | std::uint64_t{static_cast<std::uint8_t>(name.front())} << 8 |
           static_cast<std::uint8_t>(name.back());
  }

  void skip_space() {
    while (next_ != end_ && (*next_ == ' ' || *next_ == '\n' || *next_ == '\r' || *next_ == '\t')) ++next_;
  }
  bool take(char c) {
    skip_space();
    if (next_ == end_ || *next_ != c) return false;
    ++next_;
    return true;
  }
  bool open(char bracket) {
    if (depth_left_ == 0 || !take(bracket)) return false;
    --depth_left_;
    return true;
  }
  bool read_word(std::string_view word);
  std::size_t read_digits(std::uint64_t& value);
  const char* skip_plain(const char* from) const;
  const char* skip_utf8(const char* from) const;
  bool read_rest(const char* begin, std::string_view& to);
  bool read_escaped(const char* begin, std::string_view& to);
  bool append_escape(std::string& to);
  std::optional<std::uint32_t> read_code_unit();
  bool are_distinct(std::size_t first);

  const char* next_;
  const char* const end_;
  std::size_t depth_left_;
  boost::container::small_vector<Name, 16> names_;  // of the objects that are open, outermost first
  std::forward_list<std::string> copies_;           // un-escaped
};

}  // namespace rescind

#endif  // RESCIND_VERIFY_JSON_READER_H_
