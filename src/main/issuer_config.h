// [[issuers]] of the file: the table of its settings, and what they must keep together.
#ifndef RESCIND_MAIN_ISSUER_CONFIG_H_
#define RESCIND_MAIN_ISSUER_CONFIG_H_

#include <span>
#include <string_view>

#include "main/config.h"
#include "main/table_setting.h"

namespace rescind {

inline constexpr std::string_view kIssuersName = "issuers";

std::span<const TableSetting<IssuerConfig>> issuer_settings();

// One source of keys each, an audience or the word that it does not matter, a URL that nobody between can answer, names and
// `iss` values that differ from each other and from ours.
Result<void, ConfigError> check_issuers(const Config& config);

// Lines for the shipped file, not commented out.
std::string_view issuers_comment();
std::string_view issuers_example();

}  // namespace rescind

#endif  // RESCIND_MAIN_ISSUER_CONFIG_H_
