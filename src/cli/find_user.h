// Which user the command line means.
#ifndef RESCIND_CLI_FIND_USER_H_
#define RESCIND_CLI_FIND_USER_H_

#include <string>

#include "cli/console.h"

namespace rescind {

inline constexpr const char* kUserHelp = "Id or e-mail address";

// The id behind an id or an e-mail address; as it is where it is neither, for the server to refuse.
CommandResult<std::string> find_user_id(Console& console, const std::string& user);

}  // namespace rescind

#endif  // RESCIND_CLI_FIND_USER_H_
