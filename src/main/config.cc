#include "main/config.h"

#include <algorithm>

#include "main/config_file.h"
#include "main/config_rules.h"
#include "main/issuer_config.h"
#include "main/nearest_name.h"
#include "main/settings.h"
#include "main/webhook_config.h"

namespace rescind {
namespace {

// An orchestrator that runs a service called "rescind" sets these for every container (RESCIND_PORT_8080_TCP, …).
constexpr std::string_view kServiceLinkPrefixes[] = {"RESCIND_PORT", "RESCIND_SERVICE_"};
// Read by the command line itself.
constexpr std::string_view kOtherVariables[] = {"RESCIND_CONFIG", "RESCIND_ADMIN_KEY", "RESCIND_MASTER_SECRET",
                                                "RESCIND_API_KEY", "RESCIND_SERVER"};

bool is_no_setting(std::string_view variable) {
  return std::ranges::count(kOtherVariables, variable) > 0 ||
         std::ranges::any_of(kServiceLinkPrefixes, [&](std::string_view prefix) { return variable.starts_with(prefix); });
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> items;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    items.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return items;
}

ConfigError problem_at(const Setting& setting, const std::string& place, const std::string& text, const std::string& problem) {
  return ConfigError{std::string(setting.name) + " (" + place + "): \"" + text + "\" " + problem};
}

Result<void, ConfigError> assign_text(const Setting& setting, const std::string& place, const std::string& text,
                                      Config& config) {
  const auto items = setting.type == SettingType::kList ? split_list(text) : std::vector<std::string>{text};
  if (const Problem problem = setting.assign(items, config)) return Unexpected(problem_at(setting, place, text, *problem));
  return {};
}

Result<void, ConfigError> assign_defaults(Config& config) {
  for (const Setting& setting : all_settings()) {
    auto assigned = assign_text(setting, "default", std::string(setting.default_text), config);
    if (!assigned) return assigned;
  }
  return {};
}

Result<void, ConfigError> assign_file(const ConfigFile& file, Config& config) {
  auto read = read_config_file(file);
  if (!read) return Unexpected(std::move(read).error());
  for (const FileValue& value : read->values) {
    if (const Problem problem = value.setting->assign(value.items, config)) {
      const std::string text = value.items.empty() ? "" : value.items.front();
      return Unexpected(problem_at(*value.setting, value.place, text, *problem));
    }
  }
  config.oauth_clients = std::move(read->oauth_clients);
  config.issuers = std::move(read->issuers);
  config.webhooks = std::move(read->webhooks);
  return {};
}

// Variables or flags: `name_of` gives a setting's name there.
Result<void, ConfigError> assign_named(const std::vector<NamedText>& given, std::string (*name_of)(const Setting&),
                                       std::string_view kind, Config& config) {
  std::vector<std::string> names;
  for (const Setting& setting : all_settings()) names.push_back(name_of(setting));
  for (const NamedText& one : given) {
    const auto found = std::ranges::find(names, one.name);
    if (found == names.end()) {
      return Unexpected(
          ConfigError{"unknown " + std::string(kind) + " " + one.name + "; the nearest is " + nearest_name(one.name, names)});
    }
    auto assigned = assign_text(all_settings()[static_cast<std::size_t>(found - names.begin())], one.name, one.text, config);
    if (!assigned) return assigned;
  }
  return {};
}

Result<void, ConfigError> assign_variables(const std::vector<NamedText>& variables, Config& config) {
  std::vector<NamedText> settings;
  std::ranges::copy_if(variables, std::back_inserter(settings), [](const NamedText& v) { return !is_no_setting(v.name); });
  return assign_named(settings, variable_name, "variable", config);
}

std::string commented(std::string_view lines, std::string_view prefix) {
  std::string out;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    out += std::string(prefix) + std::string(lines.substr(0, end)) + "\n";
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return out;
}

constexpr std::string_view kFileHead =
    "Rescind's settings, each with its default. `rescind serve --config FILE` reads this file.\n"
    "Every setting is a flag and a variable too: --session.refresh-grace 30s, RESCIND_SESSION_REFRESH_GRACE=30s.\n"
    "A flag beats a variable, a variable beats the file. Secrets are never flags: they stand in files, and the\n"
    "admin key in DATA/admin.key (made at first start) or in the variable RESCIND_ADMIN_KEY.";

constexpr std::string_view kClientsComment =
    "Clients that may call /oauth2/revoke and /oauth2/introspect with HTTP Basic; the secret's file holds at least\n"
    "16 bytes. In this file only.";

}  // namespace

Result<Config, ConfigError> parse_config(const ConfigSources& sources) {
  Config config;
  auto assigned = assign_defaults(config);
  if (assigned && sources.file) assigned = assign_file(*sources.file, config);
  if (assigned) assigned = assign_variables(sources.variables, config);
  if (assigned) assigned = assign_named(sources.flags, flag_name, "flag", config);
  if (assigned) assigned = apply_config_rules(config);
  if (!assigned) return Unexpected(std::move(assigned).error());
  return config;
}

std::string render_default_config() {
  std::string out = commented(kFileHead, "# ");
  std::string_view section;
  for (const Setting& setting : all_settings()) {
    const std::size_t dot = setting.name.find('.');
    const std::string_view its_section = dot == std::string_view::npos ? "" : setting.name.substr(0, dot);
    if (its_section != section) out += "\n[" + std::string(its_section) + "]\n";
    if (its_section.empty()) out += "\n";
    section = its_section;
    out += commented(setting.comment, "# ");
    out += "#" + std::string(dot == std::string_view::npos ? setting.name : setting.name.substr(dot + 1)) + " = " +
           std::string(setting.shown) + "\n";
  }
  out += "\n" + commented(kClientsComment, "# ");
  out += "#[[oauth.clients]]\n#id = \"shop\"\n#secret_file = \"/etc/rescind/shop.secret\"\n";
  out += "\n" + commented(issuers_comment(), "# ") + commented(issuers_example(), "#");
  out += "\n" + commented(webhooks_comment(), "# ") + commented(webhooks_example(), "#");
  return out;
}

}  // namespace rescind
