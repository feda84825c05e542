// One setting of a table that stands in the file only: of [[issuers]] or of [[webhooks]].
#ifndef RESCIND_MAIN_TABLE_SETTING_H_
#define RESCIND_MAIN_TABLE_SETTING_H_

#include <cstdint>
#include <string_view>

#include "main/settings.h"

namespace rescind {

// The TOML type: a string, a string or a list of them, a boolean ("true" or "false" as item).
enum class TableSettingType : std::uint8_t { kText, kTexts, kSwitch };

// `Table` is the struct that one table fills.
template <class Table>
struct TableSetting {
  std::string_view name;
  TableSettingType type;
  Problem (*assign)(SettingItems items, Table& table);
};

}  // namespace rescind

#endif  // RESCIND_MAIN_TABLE_SETTING_H_
