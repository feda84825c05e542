#include "main/config_file.h"

#include <toml++/toml.h>

#include "main/issuer_config.h"
#include "main/nearest_name.h"
#include "main/webhook_config.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxOAuthClients = 1000;

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

class FileReader {
 public:
  explicit FileReader(std::string path) : path_(std::move(path)) {}

  Result<FileContents, ConfigError> read(const toml::table& root) {
    for (const auto& [key, node] : root) {
      const std::string name(key.str());
      auto done = name == kIssuersName    ? read_tables(name, node, issuer_settings(), contents_.issuers)
                  : name == kWebhooksName ? read_tables(name, node, webhook_settings(), contents_.webhooks)
                  : node.is_table()       ? read_section(name, *node.as_table())
                                          : read_setting(name, node);
      if (!done) return Unexpected(std::move(done).error());
    }
    return std::move(contents_);
  }

 private:
  using Done = Result<void, ConfigError>;

  std::string place(const toml::node& node) const { return path_ + ":" + std::to_string(node.source().begin.line); }

  Unexpected<ConfigError> error_at(const toml::node& node, const std::string& name, const std::string& problem) const {
    return Unexpected(ConfigError{name + " (" + place(node) + "): " + problem});
  }

  Done read_section(const std::string& section, const toml::table& table) {
    for (const auto& [key, node] : table) {
      const std::string name = section + "." + std::string(key.str());
      auto done = name == kOAuthClientsName ? read_oauth_clients(node) : read_setting(name, node);
      if (!done) return done;
    }
    return {};
  }

  Done read_setting(const std::string& name, const toml::node& node) {
    const Setting* const setting = find_setting(name);
    if (setting == nullptr) return unknown(name, node);
    std::vector<std::string> items;
    switch (setting->type) {
      case SettingType::kText:
        if (!node.is_string()) return error_at(node, name, "must be a string such as " + std::string(setting->shown));
        items.push_back(node.as_string()->get());
        break;
      case SettingType::kNumber:
        if (!node.is_integer()) return error_at(node, name, "must be a whole number such as " + std::string(setting->shown));
        items.push_back(std::to_string(node.as_integer()->get()));
        break;
      case SettingType::kList:
        if (!is_list_of_strings(node)) return error_at(node, name, "must be a list of strings");
        for (const toml::node& item : *node.as_array()) items.push_back(item.as_string()->get());
        break;
      case SettingType::kSwitch:
        if (!node.is_boolean()) return error_at(node, name, "must be true or false");
        items.emplace_back(node.as_boolean()->get() ? "true" : "false");
        break;
    }
    contents_.values.push_back(FileValue{setting, std::move(items), place(node)});
    return {};
  }

  static bool is_list_of_strings(const toml::node& node) {
    if (!node.is_array()) return false;
    for (const toml::node& item : *node.as_array()) {
      if (!item.is_string()) return false;
    }
    return true;
  }

  Done unknown(const std::string& name, const toml::node& node) const {
    std::vector<std::string> names{std::string(kOAuthClientsName), std::string(kIssuersName), std::string(kWebhooksName)};
    for (const Setting& setting : all_settings()) names.emplace_back(setting.name);
    return Unexpected(
        ConfigError{"unknown setting " + name + " (" + place(node) + "); the nearest is " + nearest_name(name, names)});
  }

  Done read_oauth_clients(const toml::node& node) {
    if (!node.is_array() || node.as_array()->size() > kMaxOAuthClients) {
      return error_at(node, std::string(kOAuthClientsName), "must be an array of at most 1000 tables");
    }
    for (const toml::node& one : *node.as_array()) {
      auto done = read_oauth_client(one);
      if (!done) return done;
    }
    return {};
  }

  Done read_oauth_client(const toml::node& node) {
    const std::string name(kOAuthClientsName);
    if (!node.is_table()) return error_at(node, name, "must be an array of tables");
    OAuthClientConfig client;
    for (const auto& [key, value] : *node.as_table()) {
      const bool is_id = key.str() == "id";
      if (!is_id && key.str() != "secret_file") {
        return Unexpected(ConfigError{"unknown setting " + name + "." + std::string(key.str()) + " (" + place(value) +
                                      "); a client has id and secret_file"});
      }
      if (!value.is_string()) return error_at(value, name + "." + std::string(key.str()), "must be a string");
      (is_id ? client.id : client.secret_file) = value.as_string()->get();
    }
    if (client.id.empty() || client.secret_file.empty()) return error_at(node, name, "a client needs id and secret_file");
    contents_.oauth_clients.push_back(std::move(client));
    return {};
  }

  template <class Table>
  Done read_tables(const std::string& name, const toml::node& node, std::span<const TableSetting<Table>> settings,
                   std::vector<Table>& out) const {
    if (!node.is_array_of_tables()) return error_at(node, name, "must be an array of tables");
    for (const toml::node& one : *node.as_array()) {
      Table table;
      for (const auto& [key, value] : *one.as_table()) {
        auto done = read_table_setting(name, std::string(key.str()), value, settings, table);
        if (!done) return done;
      }
      out.push_back(std::move(table));
    }
    return {};
  }

  template <class Table>
  Done read_table_setting(const std::string& table_name, const std::string& key, const toml::node& node,
                          std::span<const TableSetting<Table>> settings, Table& table) const {
    const std::string name = table_name + "." + key;
    std::vector<std::string> names;
    for (const TableSetting<Table>& setting : settings) {
      names.emplace_back(setting.name);
      if (setting.name != key) continue;
      auto items = items_of(setting.type, name, node);
      if (!items) return Unexpected(std::move(items).error());
      if (const Problem problem = setting.assign(*items, table)) {
        return error_at(node, name, "\"" + joined(*items) + "\" " + *problem);
      }
      return {};
    }
    return error_at(node, "unknown setting " + name, "the nearest is " + nearest_name(key, names));
  }

  // Never empty.
  Result<std::vector<std::string>, ConfigError> items_of(TableSettingType type, const std::string& name,
                                                         const toml::node& node) const {
    switch (type) {
      case TableSettingType::kText:
        if (!node.is_string()) return error_at(node, name, "must be a string");
        return std::vector{node.as_string()->get()};
      case TableSettingType::kTexts: {
        if (node.is_string()) return std::vector{node.as_string()->get()};
        if (!is_list_of_strings(node) || node.as_array()->empty()) {
          return error_at(node, name, "must be a string or a list of strings that is not empty");
        }
        std::vector<std::string> items;
        for (const toml::node& item : *node.as_array()) items.push_back(item.as_string()->get());
        return items;
      }
      case TableSettingType::kSwitch:
        if (!node.is_boolean()) return error_at(node, name, "must be true or false");
        return std::vector{std::string(node.as_boolean()->get() ? "true" : "false")};
    }
    return error_at(node, name, "cannot be read");
  }

  const std::string path_;
  FileContents contents_;
};

}  // namespace

Result<FileContents, ConfigError> read_config_file(const ConfigFile& file) {
  try {
    const toml::table root = toml::parse(file.toml, file.path);
    return FileReader(file.path).read(root);
  } catch (const toml::parse_error& error) {
    return Unexpected(ConfigError{file.path + ":" + std::to_string(error.source().begin.line) +
                                  " is not TOML: " + std::string(error.description())});
  }
}

}  // namespace rescind
