// A private key (or HMAC secret) that signs access tokens, and the one algorithm it signs with.
#ifndef RESCIND_TOKEN_SIGNING_KEY_H_
#define RESCIND_TOKEN_SIGNING_KEY_H_

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/random.h"
#include "base/secret.h"
#include "rescind/algorithm.h"
#include "rescind/key.h"

namespace rescind {

// Thread-safety: immutable; any number of threads may call sign() at once.
class SigningKey {
 public:
  // A fresh key; its id is the JWK thumbprint (RFC 7638) of the public part, or for HS256 16 random bytes as base64url.
  static Result<SigningKey> generate(Algorithm algorithm, Random& random);

  // HS256 with a secret of the operator's. Fails below kMinHmacSecretBytes. The id is derived from the secret with
  // HMAC-SHA256(secret, "rescind-kid-v1"), first 16 bytes.
  static Result<SigningKey> from_hmac_secret(const Secret& secret);

  // A private JWK as JSON text, as private_jwk() writes it: flat, of strings, with `kid` (visible ASCII) and `alg`, `use`
  // where present "sig", an RSA key with all of its CRT members; no other member.
  static Result<SigningKey> from_private_jwk(const Secret& json);
  Secret private_jwk() const;

  const std::string& key_id() const;
  Algorithm algorithm() const;

  // The JWK that may be published. Precondition: algorithm() is not HS256.
  std::string public_jwk() const;

  VerificationKey verification_key() const;

  // The JWS signature over `signing_input` (RFC 7515 section 5.1), raw bytes.
  std::string sign(std::string_view signing_input) const;

 private:
  struct Material;
  explicit SigningKey(std::shared_ptr<const Material> material);
  std::shared_ptr<const Material> material_;
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_SIGNING_KEY_H_
