#include "main/config_sources.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace rescind {
namespace {

constexpr std::size_t kMaxConfigBytes = 1024 * 1024;
constexpr std::string_view kVariablePrefix = "RESCIND_";

Result<ConfigFile, ConfigError> read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  if (stream) text.assign(std::istreambuf_iterator<char>(stream), {});
  if (!stream) return Unexpected(ConfigError{"cannot read the configuration file " + path});
  if (text.size() > kMaxConfigBytes) return Unexpected(ConfigError{path + " is longer than 1 MiB"});
  return ConfigFile{path, std::move(text)};
}

}  // namespace

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

Result<Config, ConfigError> load_config(const std::string& config_path, std::vector<NamedText> variables,
                                        std::vector<NamedText> flags) {
  const std::string path = config_path.empty() ? find_variable(variables, "RESCIND_CONFIG") : config_path;
  ConfigSources sources{.file = std::nullopt, .variables = std::move(variables), .flags = std::move(flags)};
  if (!path.empty()) {
    auto file = read_file(path);
    if (!file) return Unexpected(std::move(file).error());
    sources.file = std::move(*file);
  }
  return parse_config(sources);
}

}  // namespace rescind
