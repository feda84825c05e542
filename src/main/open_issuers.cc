#include "main/open_issuers.h"

#include <fstream>
#include <utility>

#include "main/secret_file.h"

namespace rescind {
namespace {

// At most one byte more than may be there, so that too much is seen.
Result<std::string> read_key_set_file(const std::string& path, const std::string& what) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxKeySetBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) return fail(ErrorCode::kInternal, what + " in " + path + " cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

Result<KeySet> file_keys(const IssuerConfig& config) {
  const std::string what = "the keys of issuer " + config.name;
  Result<std::string> text = read_key_set_file(config.jwks_file, what);
  if (!text) return Unexpected(std::move(text).error());
  Result<KeySet, KeyError> keys = read_foreign_jwks(*text, config.jwks.algorithms);
  if (keys) return std::move(*keys);
  return fail(ErrorCode::kInternal, what + " in " + config.jwks_file + ": no JWK Set with a key that can be used (" +
                                        std::string(to_string(keys.error())) + "); an RSA key without alg needs algorithms");
}

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

}  // namespace

Result<TrustedIssuers> open_issuers(const std::vector<IssuerConfig>& configs, const Clock& clock, Metrics& metrics, Log& log) {
  std::vector<ForeignIssuer> issuers;
  for (const IssuerConfig& config : configs) {
    if (config.accept_any_audience) {
      log.warning("accept_any_audience: tokens that this issuer makes for any application are accepted",
                  {{"issuer", config.name}});
    }
    if (!config.jwks.url.empty()) {
      auto source = std::make_unique<JwksSource>(config.name, config.jwks, clock, metrics, log);
      source->start();
      issuers.push_back({config.name, config.policy, std::move(source)});
      continue;
    }
    Result<KeySet> keys = config.secret_file.empty() ? file_keys(config) : secret_keys(config);
    if (!keys) return Unexpected(std::move(keys).error());
    issuers.push_back({config.name, config.policy, std::make_unique<FixedKeys>(std::move(*keys))});
  }
  return TrustedIssuers(std::move(issuers));
}

}  // namespace rescind
