// What every verb of the command line works with: its streams, how it prints, and how it can end.
#ifndef RESCIND_CLI_CONSOLE_H_
#define RESCIND_CLI_CONSOLE_H_

#include <cstdint>
#include <istream>
#include <ostream>
#include <string>

#include "rescind/result.h"

namespace rescind {

struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

// What a program that ran us can tell apart (docs/cli.md).
enum class ExitCode : std::uint8_t {
  kDone = 0,
  kRefused = 1,     // by the server, or by the person who was asked
  kUsage = 2,       // what was written on the command line, in a file that it names or in a variable
  kNotReached = 3,  // no server there, or none of ours
};

struct CommandFailure {
  ExitCode code = ExitCode::kRefused;
  std::string message;  // one line; may hold what a server said, so print it with make_harmless()
};

template <class T>
using CommandResult = Result<T, CommandFailure>;

inline Unexpected<CommandFailure> command_failed(ExitCode code, std::string message) {
  return Unexpected(CommandFailure{code, std::move(message)});
}

enum class OutputForm : std::uint8_t {
  kTable,  // for people
  kJson,   // what the server answered: one document a line, and of a list one entry a line
};

class AdminClient;

struct Console {
  const AdminClient& server;
  Streams& streams;
  OutputForm form = OutputForm::kTable;
};

}  // namespace rescind

#endif  // RESCIND_CLI_CONSOLE_H_
