// A request and a response as the routes see them, whatever carried them.
#ifndef RESCIND_HTTP_MESSAGE_H_
#define RESCIND_HTTP_MESSAGE_H_

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "base/field_rules.h"

namespace rescind {

struct HeaderField {
  std::string_view name;  // as sent; compared without case
  std::string_view value;
};

// Views into the connection's read buffer, which outlive the answer. The wire has already refused what is not one
// well-formed HTTP/1.x request in origin-form within its limits.
struct Request {
  std::string_view method;
  std::string_view path;   // raw, before "?"; never decoded
  std::string_view query;  // raw, after "?"; empty where there is none
  std::span<const HeaderField> headers;
  std::string_view body;
  std::string_view peer_address;  // of the connection, as text without port
};

// The name of a response's field: a literal of ours, judged where it is compiled.
class FieldName {
 public:
  consteval FieldName(const char* literal) : text_(literal) {
    if (!is_allowed(text_)) throw "no field name, or one that is the wire's";
  }
  std::string_view text() const { return text_; }

  // A token, and not of those that frame the message, which are the wire's.
  static constexpr bool is_allowed(std::string_view name) {
    constexpr std::string_view kWires[] = {"content-length", "transfer-encoding", "connection", "date"};
    if (!is_token(name)) return false;
    for (const std::string_view wires : kWires) {
      if (equal_without_case(name, wires)) return false;
    }
    return true;
  }

 private:
  std::string_view text_;
};

// The fields of a response as they go over the wire, "Name: value\r\n" each: one string, whose storage can be used again.
class FieldLines {
 public:
  struct Field {
    FieldName name;
    std::string_view value;
  };

  FieldLines() = default;
  FieldLines(std::initializer_list<Field> fields) {
    for (const Field& field : fields) add(field.name, field.value);
  }

  void add(FieldName name, std::string_view value) {
    add_by(name, [value](std::string& text) { text.append(value); });
  }

  // The value is what `append` appends to the string that it is given.
  template <class Append>
  void add_by(FieldName name, Append append) {
    text_.append(name.text()).append(": ");
    const std::size_t begin = text_.size();
    append(text_);
    sendable_ = sendable_ && is_field_value(std::string_view(text_).substr(begin));
    text_.append("\r\n");
  }

  void reserve(std::size_t bytes) { text_.reserve(bytes); }

  // Keeps the storage.
  void clear() {
    text_.clear();
    sendable_ = true;
  }

  // False once a value held a control character, which could split the response. The wire then answers 500 instead.
  bool sendable() const { return sendable_; }
  std::string_view text() const { return text_; }

 private:
  std::string text_;
  bool sendable_ = true;
};

struct Response {
  unsigned status = 200;
  FieldLines fields;
  std::string body;

  // As new, but keeps the storage.
  void clear() {
    status = 200;
    fields.clear();
    body.clear();
  }
};

}  // namespace rescind

#endif  // RESCIND_HTTP_MESSAGE_H_
