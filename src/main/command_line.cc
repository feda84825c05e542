#include "main/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include "main/nearest_name.h"
#include "main/serve.h"
#include "main/settings.h"
#include "main/token_inspect.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxConfigBytes = 1024 * 1024;
constexpr std::string_view kVariablePrefix = "RESCIND_";

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

struct ReadFailure {
  std::string message;
};

Result<ConfigFile, ReadFailure> read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  if (stream) text.assign(std::istreambuf_iterator<char>(stream), {});
  if (!stream) return Unexpected(ReadFailure{"cannot read the configuration file " + path});
  if (text.size() > kMaxConfigBytes) return Unexpected(ReadFailure{path + " is longer than 1 MiB"});
  return ConfigFile{path, std::move(text)};
}

std::vector<NamedText> rescind_variables(const char* const* environment) {
  std::vector<NamedText> variables;
  for (; *environment != nullptr; ++environment) {
    const std::string_view entry(*environment);
    const std::size_t equals = entry.find('=');
    if (!entry.starts_with(kVariablePrefix) || equals == std::string_view::npos) continue;
    variables.push_back({std::string(entry.substr(0, equals)), std::string(entry.substr(equals + 1))});
  }
  return variables;
}

std::string find_variable(const std::vector<NamedText>& variables, std::string_view name) {
  const auto found = std::ranges::find(variables, name, &NamedText::name);
  return found == variables.end() ? "" : found->text;
}

int complain(Streams& streams, const std::string& message, int code) {
  streams.err << "rescind: " << message << "\n";
  return code;
}

int run_serve(const CommandLine& line, const char* const* environment, Streams& streams) {
  ConfigSources sources;
  sources.variables = rescind_variables(environment);
  sources.flags = line.flags;
  const std::string path = line.config_path.empty() ? find_variable(sources.variables, "RESCIND_CONFIG") : line.config_path;
  if (!path.empty()) {
    auto file = read_file(path);
    if (!file) return complain(streams, file.error().message, 1);
    sources.file = std::move(*file);
  }
  const auto config = parse_config(sources);
  if (!config) return complain(streams, config.error().message, 1);
  const auto served = serve(*config, {.admin_key = Secret(find_variable(sources.variables, "RESCIND_ADMIN_KEY")),
                                      .master_secret = Secret(find_variable(sources.variables, "RESCIND_MASTER_SECRET"))});
  if (!served) return complain(streams, served.error().message, 1);
  return 0;
}

int run_token_inspect(const CommandLine& line, Streams& streams) {
  std::string token = line.token;
  if (token == "-") {
    token.clear();
    char c = 0;
    while (token.size() <= kMaxConfigBytes && streams.in.get(c)) token += c;
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
  CLI::App* const token_command = app.add_subcommand("token", "Look at tokens.");
  token_command->require_subcommand(1);
  CLI::App* const inspect = token_command->add_subcommand("inspect", "Decode a token WITHOUT verifying it.");
  CommandLine line;
  line.token = "-";
  inspect->add_option("TOKEN", line.token, "The token, or - for standard input (which no other process can see)");
  CLI::App* const config_command = app.add_subcommand("config", "Print rescind.toml: every setting with its default.");
  try {
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
  if (serve_command->parsed()) {
    if (const std::string unknown = serve_flags.unknown_flag(); !unknown.empty()) {
      return Unexpected(
          UsageError{"unknown flag " + unknown + "; the nearest is " + nearest_name(unknown, serve_flags.known_flags())});
    }
    line.command = Command::kServe;
    line.config_path = serve_flags.config_path();
    line.flags = serve_flags.given();
  } else if (inspect->parsed()) {
    line.command = Command::kTokenInspect;
  } else if (config_command->parsed()) {
    line.command = Command::kConfig;
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
    case Command::kConfig: streams.out << render_default_config(); return 0;
  }
  return 2;
}

}  // namespace rescind
