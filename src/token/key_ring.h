// The keys as they are in use: the one that signs, those that verify, and those of refresh tokens.
#ifndef RESCIND_TOKEN_KEY_RING_H_
#define RESCIND_TOKEN_KEY_RING_H_

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "base/secret.h"
#include "token/key_file.h"
#include "token/key_life.h"
#include "token/refresh_token.h"
#include "token/server_keys.h"
#include "token/signing_key.h"

namespace rescind {

// HS256 secrets that the operator keeps; they stand in no file of ours. `current` signs; `previous` only verify.
struct OperatorSecrets {
  std::optional<Secret> current = std::nullopt;
  std::vector<Secret> previous = {};
};

// Thread-safety: immutable.
class KeyRing {
 public:
  // Fails where a secret is below kMinHmacSecretBytes, two keys share a kid, or none signs.
  static Result<KeyRing> create(ServerKeys keys, const OperatorSecrets& secrets);

  // Fresh keys for `algorithm`, in no file.
  static Result<KeyRing> generate(Algorithm algorithm, Random& random);

  // Reads the key file or, where there is none, makes keys; writes what settle_keys() has changed, and what is not sealed as
  // it shall be. Fails where the file can be reached by others than its owner, is not of its form, or cannot be unsealed.
  static Result<KeyRing> load_or_create(const KeyPlace& place, const KeyPolicy& policy, const OperatorSecrets& secrets,
                                        WallTime now, Random& random);

  const SigningKey& signing_key() const { return signing_key_; }
  const KeySet& verification_keys() const { return verification_keys_; }
  const RefreshTokenCodec& refresh_tokens() const { return refresh_tokens_; }

  const ServerKeys& server_keys() const { return server_keys_; }
  const std::vector<SigningKey>& operator_keys() const { return operator_keys_; }  // the current one first

  // The JWK Set to publish (RFC 7517 section 5): public keys only, no HMAC secret ever.
  const std::string& jwks_json() const { return jwks_json_; }

 private:
  KeyRing(SigningKey signing_key, KeySet verification_keys, ServerKeys server_keys, std::vector<SigningKey> operator_keys);
  SigningKey signing_key_;
  KeySet verification_keys_;
  ServerKeys server_keys_;
  std::vector<SigningKey> operator_keys_;
  RefreshTokenCodec refresh_tokens_;
  std::string jwks_json_;
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_KEY_RING_H_
