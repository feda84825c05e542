// The server's keys: the one that signs, those that verify, and the refresh key. Made at first start, kept in one file with
// mode 0600.
#ifndef RESCIND_TOKEN_KEY_RING_H_
#define RESCIND_TOKEN_KEY_RING_H_

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "base/secret.h"
#include "token/signing_key.h"

namespace rescind {

// Thread-safety: immutable.
class KeyRing {
 public:
  // Fresh keys for `algorithm`.
  static Result<KeyRing> generate(Algorithm algorithm, Random& random);

  // Reads DIR/keys.json (its form and its rules: key_file.h) or, where there is none, generates keys and writes it. Fails
  // where the file can be reached by others than its owner, or is not of its form. DIR must exist.
  // The signing key is the newest of the wanted algorithm; where there is none, one is added. Older keys go on verifying.
  // With `hmac_secret` (HS256 only; at least kMinHmacSecretBytes) that secret signs and stands in no file.
  static Result<KeyRing> load_or_create(const std::string& directory, Algorithm algorithm,
                                        const std::optional<Secret>& hmac_secret, Random& random);

  const SigningKey& signing_key() const { return signing_keys_.front(); }
  const KeySet& verification_keys() const { return verification_keys_; }
  const Secret& refresh_key() const { return refresh_key_; }

  // The JWK Set to publish (RFC 7517 section 5): public keys only, no HMAC secret ever.
  std::string jwks_json() const;

 private:
  KeyRing(std::vector<SigningKey> signing_keys, KeySet verification_keys, Secret refresh_key);
  std::vector<SigningKey> signing_keys_;  // never empty; the first one signs
  KeySet verification_keys_;
  Secret refresh_key_;
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_KEY_RING_H_
