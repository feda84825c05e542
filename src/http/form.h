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

// In the order given, decoded. Absent where a "%" is not followed by two hex digits, a name is empty, there are more than
// kMaxFormFields, or a decoded NUL appears.
std::optional<FormFields> parse_form(std::string_view text);

// Everything but ALPHA DIGIT "-" "." "_" "~" as %XX (RFC 3986 section 2.1), so that any text can stand in a header field.
void append_percent_encoded(std::string& output, std::string_view text);

// Absent where a "%" is not followed by two hex digits. "+" stays "+".
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace rescind

#endif  // RESCIND_HTTP_FORM_H_
