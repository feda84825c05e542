// What an application that has its own log-in may say of how it authenticated somebody: the claim `amr`.
#ifndef RESCIND_TOKEN_AUTHENTICATION_METHODS_H_
#define RESCIND_TOKEN_AUTHENTICATION_METHODS_H_

#include <string>
#include <string_view>
#include <vector>

namespace rescind {

// Different words of letters, digits, "-", "_" and ".", as RFC 8176 registers them, for which a token has room: kMaxAmrBytes in
// all, counting 3 more for each (see access_token.h).
bool are_authentication_methods(const std::vector<std::string>& names);

inline constexpr std::string_view kAuthenticationMethodsRule =
    "\"amr\" must be different words of letters, digits, \"-\", \"_\" and \".\", of 64 bytes in all";

}  // namespace rescind

#endif  // RESCIND_TOKEN_AUTHENTICATION_METHODS_H_
