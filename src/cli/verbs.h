// The verbs of the command line that work on a running server: rescind user|session|revoke|key|apikey|event|status.
// One file a noun; each adds its verbs here.
#ifndef RESCIND_CLI_VERBS_H_
#define RESCIND_CLI_VERBS_H_

#include <functional>
#include <string>

#include "cli/console.h"

namespace CLI {
class App;
}

namespace rescind {

using Verb = std::function<CommandResult<void>(Console&)>;

// What every verb takes on the command line. A key is never among it: the list of processes shows it to everybody.
struct VerbFlags {
  std::string server;       // --server; empty where absent, as the next two
  std::string key_file;     // --key-file
  std::string config_path;  // --config
  OutputForm form = OutputForm::kTable;
  enum class PlainHttp : std::uint8_t { kLoopbackOnly, kAllowed } plain_http = PlainHttp::kLoopbackOnly;
};

struct VerbWords {
  const char* name;
  const char* description;
  const char* example;  // whole lines, without the last line end
};

// Knows which verb the command line has named, once it is parsed. Must outlive the App.
class Verbs {
 public:
  explicit Verbs(CLI::App& app) : app_(app) {}
  Verbs(const Verbs&) = delete;
  Verbs& operator=(const Verbs&) = delete;

  CLI::App& add_noun(const char* name, const char* description);
  // `noun` may be the App itself, for a verb that needs none. What `run` captures must live by itself.
  CLI::App& add(CLI::App& noun, const VerbWords& words, Verb run);

  const Verb& chosen() const { return chosen_; }  // empty where it was none of ours
  const VerbFlags& flags() const { return flags_; }

 private:
  CLI::App& app_;
  Verb chosen_;
  VerbFlags flags_;
};

void add_user_verbs(Verbs& verbs);
void add_session_verbs(Verbs& verbs);
void add_revocation_verbs(Verbs& verbs);
void add_key_verbs(Verbs& verbs);
void add_api_key_verbs(Verbs& verbs);
void add_event_verbs(Verbs& verbs);
void add_status_verb(Verbs& verbs, CLI::App& app);

}  // namespace rescind

#endif  // RESCIND_CLI_VERBS_H_
