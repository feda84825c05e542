// application/x-www-form-urlencoded, for queries and the OAuth routes (WHATWG URL section 5, read strictly).
#ifndef RESCIND_HTTP_FORM_H_
#define RESCIND_HTTP_FORM_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rescind {

inline constexpr std::size_t kMaxFormFields = 32;

using FormFields = std::vector<std::pair<std::string, std::string>>;

// One field after the other as it was sent, for whoever must not allocate; the same are refused as by parse_form().
struct RawField {
  std::string_view name;
  std::string_view value;
};
class RawFormFields {
 public:
  explicit RawFormFields(std::string_view text) : rest_(text) {}
  // Absent at the end, and where something is wrong.
  std::optional<RawField> next();
  bool is_sound() const { return is_sound_; }  // to be asked after the end

 private:
  std::string_view rest_;
  std::size_t fields_ = 0;
  bool is_sound_ = true;
};

// Whether `raw` is one of the spellings of `text` in a form.
bool spells(std::string_view raw, std::string_view text);

// In the order given, decoded. Absent where a "%" is not followed by two hex digits, a name is empty, there are more than
// kMaxFormFields, or a decoded NUL appears.
std::optional<FormFields> parse_form(std::string_view text);

// Everything but ALPHA DIGIT "-" "." "_" "~" as %XX (RFC 3986 section 2.1), so that any text can stand in a header field.
void append_percent_encoded(std::string& output, std::string_view text);

// Absent where a "%" is not followed by two hex digits. "+" stays "+".
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace rescind

#endif  // RESCIND_HTTP_FORM_H_
