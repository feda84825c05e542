#include "cli/verbs.h"

#include <CLI/CLI.hpp>

namespace rescind {

CLI::App& Verbs::add_noun(const char* name, const char* description) {
  CLI::App* const noun = app_.add_subcommand(name, description);
  noun->require_subcommand(1);
  return *noun;
}

CLI::App& Verbs::add(CLI::App& noun, const VerbWords& words, Verb run) {
  CLI::App* const verb = noun.add_subcommand(words.name, words.description);
  verb->footer(std::string("Examples:\n") + words.example);
  verb->callback([this, run = std::move(run)] { chosen_ = run; });
  const char* const kGroup = "Server";
  verb->add_option("--server", flags_.server, "URL of the server (or RESCIND_SERVER); default: what the configuration names")
      ->type_name("URL")
      ->group(kGroup);
  verb->add_option("--key-file", flags_.key_file,
                   "File with an API key (or RESCIND_API_KEY, RESCIND_ADMIN_KEY); default: DATA/admin.key")
      ->type_name("FILE")
      ->group(kGroup);
  verb->add_option("--config", flags_.config_path, "The server's rescind.toml (or RESCIND_CONFIG)")
      ->type_name("FILE")
      ->group(kGroup);
  verb->add_flag_callback(
          "--allow-http", [this] { flags_.plain_http = VerbFlags::PlainHttp::kAllowed; },
          "Send the key in the clear to a server that is not on this machine")
      ->group(kGroup);
  verb->add_flag_callback(
      "--json", [this] { flags_.form = OutputForm::kJson; }, "For programs: what the server answers, a list entry by line");
  return *verb;
}

}  // namespace rescind
