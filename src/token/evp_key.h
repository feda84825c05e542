// Asymmetric private keys of OpenSSL and their JWK members (RFC 7518 section 6, RFC 8037 section 2).
#ifndef RESCIND_TOKEN_EVP_KEY_H_
#define RESCIND_TOKEN_EVP_KEY_H_

#include <openssl/types.h>

#include <map>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/secret.h"
#include "rescind/algorithm.h"
#include "rescind/key.h"

namespace rescind {

struct EvpKeyDeleter {
  void operator()(EVP_PKEY* key) const;
};
using EvpKey = std::unique_ptr<EVP_PKEY, EvpKeyDeleter>;

// Member names (kty, crv, x, d, …) to their text, in the lexicographic order that RFC 7638 wants. All of it is treated as
// secret, since a private key's members are.
using JwkMembers = std::map<std::string, Secret, std::less<>>;

inline constexpr int kGeneratedRsaBits = 2048;
inline constexpr int kMaxSigningRsaBits = 4096;  // bounds the length of a token's signature

// A fresh key from OpenSSL's generator. Precondition: `algorithm` is not HS256.
Result<EvpKey> generate_evp_key(Algorithm algorithm);

// The members that RFC 7638 section 3.2 calls required: no more than what tells public keys apart.
JwkMembers public_members(const EvpKey& key, Algorithm algorithm);
JwkMembers private_members(const EvpKey& key, Algorithm algorithm);

// A key of exactly these members. Refuses a missing or further member, lax encodings, a public part that does not belong to
// the private one, and RSA below kMinRsaBits, above kMaxSigningRsaBits or without its CRT members.
Result<EvpKey> evp_key_from_members(const JwkMembers& members, Algorithm algorithm);

// Signs with one key. What OpenSSL looks up for an algorithm is looked up once, a tenth of what an ES256 signature costs.
//
// Thread-safety: any number of threads may call sign() at once.
class EvpSigner {
 public:
  // Precondition: `algorithm` is not HS256 and `key` is of it.
  EvpSigner(const EvpKey& key, Algorithm algorithm);

  // The JWS signature, raw bytes. Ends the process where OpenSSL cannot sign with a key that it has checked.
  std::string sign(std::string_view signing_input) const;

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const;
    void operator()(EC_KEY* key) const;
  };
  std::string sign_es256(std::string_view signing_input) const;
  std::string sign_prepared(std::string_view signing_input) const;

  std::size_t max_size_;                        // of what OpenSSL writes
  std::unique_ptr<EC_KEY, Free> ec_key_;        // ES256 only; only read
  std::unique_ptr<EVP_MD_CTX, Free> prepared_;  // the others: each signature begins with a copy of it
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_EVP_KEY_H_
