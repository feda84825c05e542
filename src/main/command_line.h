// The command line: rescind serve | doctor | token inspect | config | --version, and the verbs of cli/verbs.h.
#ifndef RESCIND_MAIN_COMMAND_LINE_H_
#define RESCIND_MAIN_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "cli/verbs.h"
#include "main/config.h"

namespace rescind {

enum class Command : std::uint8_t { kNone, kServe, kTokenInspect, kConfig, kDoctor, kVerb };

struct CommandLine {
  Command command = Command::kNone;
  std::string config_path;       // --config; empty where absent
  std::vector<NamedText> flags;  // settings given as flags
  std::string token;             // of token inspect; "-" is standard input
  OutputForm doctor_form = OutputForm::kTable;
  Verb verb;  // kVerb, as the next
  VerbFlags verb_flags;
  std::string text;  // kNone: help or version to print
};

struct UsageError {
  std::string message;
};

// `arguments` without the program's name.
Result<CommandLine, UsageError> parse_command_line(std::vector<std::string> arguments);

// Runs it. 0 fine; 1 what was asked for failed, with one line on `err`; 2 the command line is wrong; 3 no server was reached.
// `environment` is of the form of environ.
int run_command_line(std::vector<std::string> arguments, const char* const* environment, Streams streams);

}  // namespace rescind

#endif  // RESCIND_MAIN_COMMAND_LINE_H_
