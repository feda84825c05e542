// The command line: rescind serve | token inspect | config | --version.
#ifndef RESCIND_MAIN_COMMAND_LINE_H_
#define RESCIND_MAIN_COMMAND_LINE_H_

#include <istream>
#include <ostream>
#include <string>
#include <vector>

#include "main/config.h"

namespace rescind {

struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

enum class Command : std::uint8_t { kNone, kServe, kTokenInspect, kConfig };

struct CommandLine {
  Command command = Command::kNone;
  std::string config_path;       // --config; empty where absent
  std::vector<NamedText> flags;  // settings given as flags
  std::string token;             // of token inspect; "-" is standard input
  std::string text;              // kNone: help or version to print
};

struct UsageError {
  std::string message;
};

// `arguments` without the program's name.
Result<CommandLine, UsageError> parse_command_line(std::vector<std::string> arguments);

// Runs it. 0 fine; 1 what was asked for failed, with one line on `err`; 2 the command line is wrong.
// `environment` is of the form of environ.
int run_command_line(std::vector<std::string> arguments, const char* const* environment, Streams streams);

}  // namespace rescind

#endif  // RESCIND_MAIN_COMMAND_LINE_H_
