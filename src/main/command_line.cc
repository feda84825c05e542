#include "main/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "cli/admin_client.h"
#include "cli/table.h"
#include "main/config_sources.h"
#include "main/doctor/doctor.h"
#include "main/id_arguments.h"
#include "main/nearest_name.h"
#include "main/serve.h"
#include "main/server_access.h"
#include "main/settings.h"
#include "main/token_inspect.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxTokenInput = 1024 * 1024;

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

// One flag per setting of the table.
class ServeFlags {
 public:
  explicit ServeFlags(CLI::App& app) : app_(app), texts_(all_settings().size()) {
    app.allow_extras();
    app.add_option("--config", config_path_, "TOML file to read (or the variable RESCIND_CONFIG)");
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      const Setting& setting = all_settings()[i];
      app.add_option(flag_name(setting), texts_[i], first_line(setting.comment))->type_name("")->expected(1);
    }
  }

  // What CLI11 does not know, so that the message can name the nearest flag. A value is never repeated: it may be a secret
  // that somebody tried to give as a flag.
  std::string unknown_flag() const {
    const auto extras = app_.remaining();
    return extras.empty() ? "" : extras.front().substr(0, extras.front().find('='));
  }

  std::vector<std::string> known_flags() const {
    std::vector<std::string> names{"--config"};
    for (const Setting& setting : all_settings()) names.push_back(flag_name(setting));
    return names;
  }

  const std::string& config_path() const { return config_path_; }

  std::vector<NamedText> given() const {
    std::vector<NamedText> flags;
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      const std::string name = flag_name(all_settings()[i]);
      if (app_.count(name) > 0) flags.push_back({name, texts_[i]});
    }
    return flags;
  }

 private:
  CLI::App& app_;
  std::string config_path_;
  std::vector<std::string> texts_;
};

int complain(Streams& streams, const std::string& message, int code) {
  streams.err << "rescind: " << message << "\n";
  return code;
}

int run_serve(const CommandLine& line, const char* const* environment, Streams& streams) {
  const std::vector<NamedText> variables = rescind_variables(environment);
  const auto config = load_config(line.config_path, variables, line.flags);
  if (!config) return complain(streams, config.error().message, 1);
  const auto served = serve(*config, {.admin_key = Secret(find_variable(variables, "RESCIND_ADMIN_KEY")),
                                      .master_secret = Secret(find_variable(variables, "RESCIND_MASTER_SECRET"))});
  if (!served) return complain(streams, served.error().message, 1);
  return 0;
}

int complain(Streams& streams, const CommandFailure& failure) {
  return complain(streams, make_harmless(failure.message), static_cast<int>(failure.code));
}

int run_verb(const CommandLine& line, const char* const* environment, Streams& streams) {
  auto access = find_server_access(line.verb_flags, rescind_variables(environment));
  if (!access) return complain(streams, access.error());
  const AdminClient server(std::move(*access));
  Console console{server, streams, line.verb_flags.form};
  const auto done = line.verb(console);
  return done ? 0 : complain(streams, done.error());
}

int run_token_inspect(const CommandLine& line, Streams& streams) {
  std::string token = line.token;
  if (token == "-") {
    token.clear();
    char c = 0;
    while (token.size() <= kMaxTokenInput && streams.in.get(c)) token += c;
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  }
  const SystemClock clock;
  const auto description = describe_token(token, clock.wall_now());
  if (!description) return complain(streams, description.error().message, 1);
  streams.out << *description;
  return 0;
}

}  // namespace

Result<CommandLine, UsageError> parse_command_line(std::vector<std::string> arguments) {
  CLI::App app("JWT sessions you can take back.", "rescind");
  app.set_version_flag("--version", "rescind " RESCIND_VERSION);
  app.require_subcommand(0, 1);
  CLI::App* const serve_command = app.add_subcommand("serve", "Run the server. Every setting of rescind.toml is a flag.");
  ServeFlags serve_flags(*serve_command);
  CLI::App* const doctor_command =
      app.add_subcommand("doctor", "Say what is wrong with a set-up. Takes the settings of serve.");
  ServeFlags doctor_flags(*doctor_command);
  OutputForm doctor_form = OutputForm::kTable;
  doctor_command->add_flag_callback(
      "--json", [&doctor_form] { doctor_form = OutputForm::kJson; }, "For programs");
  CLI::App* const token_command = app.add_subcommand("token", "Look at tokens.");
  token_command->require_subcommand(1);
  CLI::App* const inspect = token_command->add_subcommand("inspect", "Decode a token WITHOUT verifying it.");
  Verbs verbs(app);
  add_status_verb(verbs, app);
  add_user_verbs(verbs);
  add_session_verbs(verbs);
  add_revocation_verbs(verbs);
  add_key_verbs(verbs);
  add_api_key_verbs(verbs);
  add_event_verbs(verbs);
  CommandLine line;
  line.token = "-";
  inspect->add_option("TOKEN", line.token, "The token, or - for standard input (which no other process can see)");
  CLI::App* const config_command = app.add_subcommand("config", "Print rescind.toml: every setting with its default.");
  try {
    unmark_ids(app);
    std::ranges::transform(arguments, arguments.begin(), mark_id);
    std::ranges::reverse(arguments);  // as CLI11 takes them
    app.parse(std::move(arguments));
  } catch (const CLI::Success& done) {  // --help, --version
    std::ostringstream text;
    app.exit(done, text, text);
    line.text = text.str();
    return line;
  } catch (const CLI::ParseError& problem) {
    return Unexpected(UsageError{problem.what()});
  }
  for (const ServeFlags* const flags : {&serve_flags, &doctor_flags}) {
    if (const std::string unknown = flags->unknown_flag(); !unknown.empty()) {
      return Unexpected(
          UsageError{"unknown flag " + unknown + "; the nearest is " + nearest_name(unknown, flags->known_flags())});
    }
  }
  if (serve_command->parsed() || doctor_command->parsed()) {
    const bool is_doctor = doctor_command->parsed();
    const ServeFlags& flags = is_doctor ? doctor_flags : serve_flags;
    line.command = is_doctor ? Command::kDoctor : Command::kServe;
    line.config_path = flags.config_path();
    line.flags = flags.given();
    line.doctor_form = doctor_form;
  } else if (inspect->parsed()) {
    line.command = Command::kTokenInspect;
  } else if (config_command->parsed()) {
    line.command = Command::kConfig;
  } else if (verbs.chosen()) {
    line.command = Command::kVerb;
    line.verb = verbs.chosen();
    line.verb_flags = verbs.flags();
  } else {
    line.text = app.help();
  }
  return line;
}

int run_command_line(std::vector<std::string> arguments, const char* const* environment, Streams streams) {
  const auto line = parse_command_line(std::move(arguments));
  if (!line) return complain(streams, line.error().message, 2);
  switch (line->command) {
    case Command::kNone: streams.out << line->text; return 0;
    case Command::kServe: return run_serve(*line, environment, streams);
    case Command::kTokenInspect: return run_token_inspect(*line, streams);
    case Command::kDoctor:
      return run_doctor({line->config_path, rescind_variables(environment), line->flags, line->doctor_form}, streams.out);
    case Command::kVerb: return run_verb(*line, environment, streams);
    case Command::kConfig: streams.out << render_default_config(); return 0;
  }
  return 2;
}

}  // namespace rescind
