// The one table of settings.
#ifndef RESCIND_MAIN_SETTINGS_H_
#define RESCIND_MAIN_SETTINGS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "main/config.h"

namespace rescind {

// The TOML type in the file. In a variable or a flag a list is separated by commas.
enum class SettingType : std::uint8_t { kText, kNumber, kList, kSwitch };

// What is wrong with a value ("is not a duration such as 30s"); absent where nothing is.
using Problem = std::optional<std::string>;
using SettingItems = std::span<const std::string>;  // exactly one, unless the setting is a list

struct Setting {
  std::string_view name;  // as in the file: "session.refresh_grace"
  SettingType type;
  std::string_view default_text;  // as a flag would give it; empty: none, or made in config_rules.cc
  std::string_view shown;         // its value in the shipped file
  std::string_view comment;       // lines of at most 110 characters
  Problem (*assign)(SettingItems items, Config& config);
};

// In the order of the shipped file; settings of one section stand together, those without a section first.
std::span<const Setting> all_settings();

// Null where there is no setting of this name.
const Setting* find_setting(std::string_view name);

std::string flag_name(const Setting& setting);      // "--session.refresh-grace"
std::string variable_name(const Setting& setting);  // "RESCIND_SESSION_REFRESH_GRACE"

// An array of tables, which stands in the file only; so does kIssuersName of main/issuer_config.h.
inline constexpr std::string_view kOAuthClientsName = "oauth.clients";

}  // namespace rescind

#endif  // RESCIND_MAIN_SETTINGS_H_
