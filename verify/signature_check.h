// The cryptography of one key: made once from numbers, prepared so that a check fetches nothing.
//
// Keys come in as numbers whatever they were written in (JWK, PEM) and are built into fresh OpenSSL objects: explicit curve
// parameters, PSS restrictions and the like of a foreign encoding do not survive.
#ifndef RESCIND_VERIFY_SIGNATURE_CHECK_H_
#define RESCIND_VERIFY_SIGNATURE_CHECK_H_

#include <openssl/ecdsa.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "rescind/algorithm.h"
#include "rescind/key.h"
#include "rescind/result.h"
#include "verify/context_pool.h"
#include "verify/evp.h"
#include "verify/hmac_sha256.h"
#include "verify/p256_table.h"
#include "verify/sha256.h"

namespace rescind {

// Null where there is no memory.
ECDSA_SIG* copy_signature(const ECDSA_SIG* signature);

// Thread-safety: any number of threads may call verify() at once; for RSA and ECDSA each borrows what was prepared.
class SignatureCheck {
 public:
  // Affine coordinates on P-256, 32 bytes each.
  static Result<SignatureCheck, KeyError> from_p256(std::span<const std::uint8_t> x, std::span<const std::uint8_t> y);
  // Big-endian without leading zeros. `algorithm` is kRs256 or kPs256.
  static Result<SignatureCheck, KeyError> from_rsa(std::span<const std::uint8_t> modulus,
                                                   std::span<const std::uint8_t> exponent, Algorithm algorithm);
  // 32 bytes.
  static Result<SignatureCheck, KeyError> from_ed25519(std::span<const std::uint8_t> point);
  static Result<SignatureCheck, KeyError> from_hmac_secret(std::span<const std::uint8_t> secret);

  Algorithm algorithm() const { return algorithm_; }
  // The same for the same key and algorithm, whatever they were read from; of another key, another.
  const Sha256Digest& fingerprint() const { return fingerprint_; }
  bool verify(std::string_view signing_input, std::span<const std::uint8_t> signature) const;

 private:
  using DigestChecks = ContextPool<EVP_PKEY_CTX, EVP_PKEY_CTX_dup, EVP_PKEY_CTX_free>;
  using Signatures = ContextPool<ECDSA_SIG, copy_signature, ECDSA_SIG_free>;

  explicit SignatureCheck(Algorithm algorithm) : algorithm_(algorithm) {}

  bool prepare_rsa_check();
  bool verify_es256(std::string_view signing_input, std::span<const std::uint8_t> signature) const;
  bool verify_rsa(std::string_view signing_input, std::span<const std::uint8_t> signature) const;
  bool verify_eddsa(std::string_view signing_input, std::span<const std::uint8_t> signature) const;
  bool verify_hs256(std::string_view signing_input, std::span<const std::uint8_t> signature) const;

  Algorithm algorithm_;
  Sha256Digest fingerprint_{};
  EvpPkey key_;                             // absent for kHs256
  const EC_KEY* ec_key_ = nullptr;          // of key_; kEs256 only
  std::unique_ptr<Signatures> signatures_;  // to be overwritten; kEs256 only
  std::unique_ptr<P256TableInUse> table_;   // kEs256 only
  std::unique_ptr<DigestChecks> prepared_;  // ready to verify a digest; kRs256 and kPs256 only
  std::optional<HmacSha256> hmac_;          // kHs256 only
  std::size_t rsa_bytes_ = 0;
};

}  // namespace rescind

#endif  // RESCIND_VERIFY_SIGNATURE_CHECK_H_
