// Verification keys and key sets (RFC 7517, RFC 7518 section 6, RFC 8037).
//
// A key carries exactly one algorithm. A token's `alg` is compared with it and never used to choose: that closes
// algorithm confusion (CVE-2015-9235, CVE-2016-5431 and their descendants).
#ifndef RESCIND_KEY_H_
#define RESCIND_KEY_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rescind/algorithm.h"
#include "rescind/result.h"

namespace rescind {

inline constexpr std::size_t kMaxKeyIdBytes = 128;
inline constexpr std::size_t kMinHmacSecretBytes = 32;
inline constexpr std::size_t kMaxKeysInSet = 64;
inline constexpr std::size_t kMaxKeySetBytes = 512 * 1024;
inline constexpr int kMinRsaBits = 2048;
inline constexpr int kMaxRsaBits = 8192;

enum class KeyError {
  kMalformed,       // not the JSON, PEM or JWK that it should be, or a member is missing or of the wrong type
  kUnsupported,     // a kty, crv or alg that is not on the list above, or an alg that does not fit the key
  kWeak,            // RSA outside kMinRsaBits..kMaxRsaBits or with an exponent that is even, 1 or over 32 bits; an HMAC
                    // secret below kMinHmacSecretBytes
  kInvalidPoint,    // coordinates that are not on the curve
  kInvalidKeyId,    // kid absent, empty or longer than kMaxKeyIdBytes
  kDuplicateKeyId,  // two keys of one set share a kid
};

// A stable name for logs: "malformed", "weak", …
std::string_view to_string(KeyError error);

// A public key, or an HMAC secret, and the one algorithm it verifies. Cheap to copy (shared, immutable state).
//
// Thread-safety: immutable; any number of threads may call verify() at once.
class VerificationKey {
 public:
  // One JWK as JSON text. `alg` may be absent where kty and crv leave only one choice (EC P-256, OKP Ed25519, oct);
  // an RSA key must name RS256 or PS256. `use` other than "sig", and key_ops without "verify", are kUnsupported. A private
  // member (d, p, q …) is kMalformed: a published private key is nobody's any more. Other members, such as x5c and x5u,
  // are ignored and never followed.
  static Result<VerificationKey, KeyError> from_jwk(std::string_view json);

  // One SubjectPublicKeyInfo in PEM, and nothing else but white space.
  static Result<VerificationKey, KeyError> from_public_pem(std::string_view pem, Algorithm algorithm, std::string key_id);

  // HS256 only. Text that holds a PEM block is kMalformed: as a secret, a public key is no secret.
  static Result<VerificationKey, KeyError> from_hmac_secret(std::span<const std::uint8_t> secret, std::string key_id);

  const std::string& key_id() const;
  Algorithm algorithm() const;

  // True where `signature` is the signature of `signing_input`, in the form that JWS gives it: for ES256 exactly 64 bytes
  // r || s (RFC 7518 section 3.4). (r, n - s) verifies too, as everywhere: signers produce both halves. That is harmless
  // here because revocations are keyed by claims.
  [[nodiscard]] bool verify(std::string_view signing_input, std::span<const std::uint8_t> signature) const;

  // The same key material with the same algorithm and id, however each was read.
  bool operator==(const VerificationKey& other) const;

 private:
  struct Material;
  explicit VerificationKey(std::shared_ptr<const Material> material);
  std::shared_ptr<const Material> material_;
};

// An immutable set of keys, looked up by `kid` in memory: no file, no database, no network (so that a `kid` is never a
// path or a query). Cheap to copy (shared, immutable state).
//
// Thread-safety: immutable.
class KeySet {
 public:
  KeySet();
  static Result<KeySet, KeyError> from_keys(std::vector<VerificationKey> keys);

  // A JWK Set document (RFC 7517 section 5). A key that cannot be used refuses the whole set: a partial set would
  // refuse good tokens silently. Only keys with `use` "enc" are passed over, for they sign nothing.
  static Result<KeySet, KeyError> from_jwks(std::string_view json);

  // Null where no key has this id.
  const VerificationKey* find(std::string_view key_id) const;
  // The key of a set of one; null where there are none or several.
  const VerificationKey* only_key() const { return keys_->size() == 1 ? &keys_->begin()->second : nullptr; }
  std::size_t size() const { return keys_->size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Keys = std::unordered_map<std::string, VerificationKey, Hash, std::equal_to<>>;
  explicit KeySet(Keys keys);
  std::shared_ptr<const Keys> keys_;
};

}  // namespace rescind

#endif  // RESCIND_KEY_H_
