// Where settings come from outside of pure data: the environment and the file.
#ifndef RESCIND_MAIN_CONFIG_SOURCES_H_
#define RESCIND_MAIN_CONFIG_SOURCES_H_

#include <string>
#include <string_view>
#include <vector>

#include "main/config.h"

namespace rescind {

// Those of RESCIND_*; `environment` is of the form of environ.
std::vector<NamedText> rescind_variables(const char* const* environment);

// Empty where there is none of this name.
std::string find_variable(const std::vector<NamedText>& variables, std::string_view name);

// What `rescind serve` runs with. `config_path`: of --config; empty, RESCIND_CONFIG counts.
Result<Config, ConfigError> load_config(const std::string& config_path, std::vector<NamedText> variables,
                                        std::vector<NamedText> flags);

}  // namespace rescind

#endif  // RESCIND_MAIN_CONFIG_SOURCES_H_
