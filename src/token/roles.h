// What the roles of a user may be: one rule for all who set them.
#ifndef RESCIND_TOKEN_ROLES_H_
#define RESCIND_TOKEN_ROLES_H_

#include <string>
#include <string_view>
#include <vector>

namespace rescind {

// What a token has room for, and what no reader of "a,b" takes for something else: at most kMaxRoles different names of
// kMaxRolesBytes in all (see access_token.h), each UTF-8 without blanks, commas and control characters.
bool are_roles(const std::vector<std::string>& names);

inline constexpr std::string_view kRolesRule =
    "\"roles\" must be at most 64 different names of 512 bytes in all, without blanks, commas and control characters";

}  // namespace rescind

#endif  // RESCIND_TOKEN_ROLES_H_
