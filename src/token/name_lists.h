// What the lists of names in a token may hold: one rule for all who set them.
#ifndef RESCIND_TOKEN_NAME_LISTS_H_
#define RESCIND_TOKEN_NAME_LISTS_H_

#include <string>
#include <string_view>
#include <vector>

namespace rescind {

// The names in each list differ, and a token has room for them (see access_token.h).

// What no reader of "a,b" takes for something else: at most kMaxRoles names of kMaxRolesBytes in all, each UTF-8 without
// blanks, commas and control characters.
bool are_roles(const std::vector<std::string>& names);

// How an application with a log-in of its own may say that it authenticated somebody: words of letters, digits, "-", "_" and
// ".", as RFC 8176 registers them, of kMaxAmrBytes in all.
bool are_authentication_methods(const std::vector<std::string>& names);

inline constexpr std::string_view kRolesRule =
    "\"roles\" must be at most 64 different names of 512 bytes in all, without blanks, commas and control characters";
inline constexpr std::string_view kAuthenticationMethodsRule =
    "\"amr\" must be different words of letters, digits, \"-\", \"_\" and \".\", of 64 bytes in all";

}  // namespace rescind

#endif  // RESCIND_TOKEN_NAME_LISTS_H_
