#include "main/open_issuers.h"

#include <utility>

#include "main/secret_file.h"

namespace rescind {
namespace {

Result<KeySet> secret_keys(const IssuerConfig& config) {
  const std::string what = "the secret of issuer " + config.name;
  Result<Secret> secret = read_secret_file(config.secret_file, what, SecretRules{kMinHmacSecretBytes});
  if (!secret) return Unexpected(std::move(secret).error());
  // A token that names no key finds the only one.
  std::string key_id = config.key_id.empty() ? std::string(kUnnamedKeyId) : config.key_id;
  Result<VerificationKey, KeyError> key = VerificationKey::from_hmac_secret(secret->reveal_bytes(), std::move(key_id));
  if (!key) {
    return fail(ErrorCode::kInternal,
                what + " in " + config.secret_file + " is no secret: " + std::string(to_string(key.error())));
  }
  Result<KeySet, KeyError> keys = KeySet::from_keys({std::move(*key)});
  return std::move(*keys);
}

// A URL may answer later. What is wrong with a file is wrong now.
Result<std::unique_ptr<JwksSource>> open_key_set(const IssuerConfig& config, const Clock& clock, Metrics& metrics, Log& log) {
  auto source = std::make_unique<JwksSource>(config.name, config.jwks, clock, metrics, log);
  if (!config.jwks.file.empty()) {
    const Result<void, std::string> loaded = source->load();
    if (!loaded) {
      return fail(ErrorCode::kInternal,
                  "the keys of issuer " + config.name + " in " + config.jwks.file + ": " + loaded.error());
    }
  }
  source->start();
  return source;
}

}  // namespace

Result<TrustedIssuers> open_issuers(const std::vector<IssuerConfig>& configs, const Clock& clock, Metrics& metrics, Log& log) {
  std::vector<ForeignIssuer> issuers;
  for (const IssuerConfig& config : configs) {
    if (config.accept_any_audience) {
      log.warning("accept_any_audience: tokens that this issuer makes for any application are accepted",
                  {{"issuer", config.name}});
    }
    if (config.secret_file.empty()) {
      auto source = open_key_set(config, clock, metrics, log);
      if (!source) return Unexpected(std::move(source).error());
      issuers.push_back({config.name, config.policy, std::move(*source)});
      continue;
    }
    Result<KeySet> keys = secret_keys(config);
    if (!keys) return Unexpected(std::move(keys).error());
    issuers.push_back({config.name, config.policy, std::make_unique<FixedKeys>(std::move(*keys))});
  }
  return TrustedIssuers(std::move(issuers));
}

}  // namespace rescind
