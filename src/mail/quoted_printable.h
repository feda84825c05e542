// Quoted-printable (RFC 2045 section 6.7), and encoded words (RFC 2047) for what a mail's head holds.
#ifndef RESCIND_MAIL_QUOTED_PRINTABLE_H_
#define RESCIND_MAIL_QUOTED_PRINTABLE_H_

#include <string>
#include <string_view>

namespace rescind {

// UTF-8 text as lines of at most 76 characters that end with CRLF. "\n" and "\r\n" are line ends; any other control character
// is encoded.
std::string encode_quoted_printable(std::string_view text);

// Text as it may stand in a field: as it is where it is printable ASCII and short, else as encoded words on folded lines. What
// it holds can end neither the line nor the field.
std::string encode_field_text(std::string_view text);

}  // namespace rescind

#endif  // RESCIND_MAIL_QUOTED_PRINTABLE_H_
