#include "main/load_secrets.h"

#include <optional>
#include <string>
#include <utility>

#include "main/secret_file.h"
#include "token/sealed_text.h"

namespace rescind {
namespace {

Result<std::optional<Secret>> read_master_secret(const std::string& path, const std::string& setting) {
  if (path.empty()) return std::optional<Secret>();
  auto secret = read_secret_file(path, setting, SecretRules{kMinMasterSecretBytes});
  if (!secret) return Unexpected(std::move(secret).error());
  return std::optional(std::move(*secret));
}

}  // namespace

Result<MasterSecrets> load_master_secrets(const KeysConfig& config, Secret from_environment) {
  auto current = read_master_secret(config.master_secret_file, "keys.master_secret_file");
  auto previous = read_master_secret(config.previous_master_secret_file, "keys.previous_master_secret_file");
  if (!current) return Unexpected(std::move(current).error());
  if (!previous) return Unexpected(std::move(previous).error());
  if (!from_environment.empty()) {
    if (*current) return fail(ErrorCode::kInternal, "keys.master_secret_file and RESCIND_MASTER_SECRET: give one of them");
    if (from_environment.size() < kMinMasterSecretBytes) {
      return fail(ErrorCode::kInternal, "RESCIND_MASTER_SECRET: it is shorter than 32 bytes");
    }
    *current = std::move(from_environment);
  }
  if (*previous && !*current) {
    return fail(ErrorCode::kInternal, "keys.previous_master_secret_file: there is no new master secret beside it");
  }
  return MasterSecrets{std::move(*current), std::move(*previous)};
}

Result<OperatorSecrets> load_token_secrets(const TokenConfig& config) {
  OperatorSecrets secrets;
  if (config.algorithm == Algorithm::kHs256) {
    auto secret = read_secret_file(config.secret_file, "token.secret_file", SecretRules{kMinHmacSecretBytes});
    if (!secret) return Unexpected(std::move(secret).error());
    secrets.current = std::move(*secret);
  }
  for (const std::string& path : config.previous_secret_files) {
    auto secret = read_secret_file(path, "token.previous_secret_files", SecretRules{kMinHmacSecretBytes});
    if (!secret) return Unexpected(std::move(secret).error());
    secrets.previous.push_back(std::move(*secret));
  }
  return secrets;
}

Result<std::vector<OAuthClient>> load_oauth_clients(const std::vector<OAuthClientConfig>& clients) {
  std::vector<OAuthClient> loaded;
  for (const OAuthClientConfig& client : clients) {
    auto secret =
        read_secret_file(client.secret_file, "the secret of oauth client " + client.id, SecretRules{kMinClientSecretBytes});
    if (!secret) return Unexpected(std::move(secret).error());
    loaded.push_back(OAuthClient{client.id, std::move(*secret)});
  }
  return loaded;
}

}  // namespace rescind
