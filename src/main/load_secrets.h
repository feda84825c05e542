// The secrets that a configuration names, as the server takes them. Each fails with a message that names the setting and the
// path, and never the content.
#ifndef RESCIND_MAIN_LOAD_SECRETS_H_
#define RESCIND_MAIN_LOAD_SECRETS_H_

#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "main/config.h"
#include "token/key_file.h"
#include "token/key_ring.h"

namespace rescind {

// `from_environment`: of RESCIND_MASTER_SECRET; empty where there is none.
Result<MasterSecrets> load_master_secrets(const KeysConfig& config, Secret from_environment);

Result<OperatorSecrets> load_token_secrets(const TokenConfig& config);

Result<std::vector<OAuthClient>> load_oauth_clients(const std::vector<OAuthClientConfig>& clients);

}  // namespace rescind

#endif  // RESCIND_MAIN_LOAD_SECRETS_H_
