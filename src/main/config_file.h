// Reads the TOML file against the table of settings.
#ifndef RESCIND_MAIN_CONFIG_FILE_H_
#define RESCIND_MAIN_CONFIG_FILE_H_

#include <string>
#include <vector>

#include "main/config.h"
#include "main/settings.h"

namespace rescind {

struct FileValue {
  const Setting* setting;
  std::vector<std::string> items;
  std::string place;  // "rescind.toml:12"
};

struct FileContents {
  std::vector<FileValue> values;
  std::vector<OAuthClientConfig> oauth_clients;
  std::vector<IssuerConfig> issuers;
  std::vector<WebhookConfig> webhooks;
};

// Fails for what is not TOML, an unknown name, or a value of the wrong TOML type. Ranges are the table's business.
Result<FileContents, ConfigError> read_config_file(const ConfigFile& file);

}  // namespace rescind

#endif  // RESCIND_MAIN_CONFIG_FILE_H_
