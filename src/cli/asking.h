// What a verb takes from its user beside the command line.
#ifndef RESCIND_CLI_ASKING_H_
#define RESCIND_CLI_ASKING_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "cli/console.h"

namespace rescind {

// The content of the file, or of standard input where the path is "-", without line ends behind it; for what other processes
// must not see. kUsage where it cannot be read, is empty or longer than 64 KiB; the message never holds the content.
CommandResult<Secret> read_secret_input(Console& console, const std::string& path);

enum class Consent : std::uint8_t { kAsk, kGiven };  // kGiven: --yes

// Asks on standard error and reads a line. kRefused unless it is "yes".
CommandResult<void> confirm(Console& console, Consent consent, const std::string& question);

// "a,b" → a, b; "" → nothing.
std::vector<std::string> split_commas(std::string_view text);

}  // namespace rescind

#endif  // RESCIND_CLI_ASKING_H_
