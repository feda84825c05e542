// What replaces ECDSA_do_verify() wants DER, takes it apart and puts it together again to compare.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "verify/signature_check.h"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <vector>

#include "verify/sha256.h"

namespace rescind {
namespace {

constexpr std::size_t kP256Bytes = 32;
constexpr std::uint8_t kUncompressed = 4;  // SEC 1 section 2.3.3
constexpr std::size_t kEd25519KeyBytes = 32;
constexpr std::size_t kEd25519SignatureBytes = 64;
constexpr std::size_t kHs256Bytes = 32;
constexpr std::size_t kMaxExponentBytes = 4;  // a longer one only makes each check slower

// The order n of P-256 (SEC 2 section 2.4.2).
constexpr std::array<std::uint8_t, kP256Bytes> kP256Order{0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                                          0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                                          0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

using EcdsaSig = std::unique_ptr<ECDSA_SIG, EvpDeleter<ECDSA_SIG_free>>;
using Scalar = std::span<const std::uint8_t, kP256Bytes>;

// 0 < scalar < n. A verifier without this check accepts r = s = 0 for everything (CVE-2022-21449).
bool is_in_range(Scalar scalar) {
  return std::ranges::any_of(scalar, [](std::uint8_t byte) { return byte != 0; }) &&
         std::ranges::lexicographical_compare(scalar, kP256Order);
}

EvpPkey build_key(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const EvpPkeyCtx context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return EvpPkey(key);
}

// Into a number that is there already.
bool put(std::span<const std::uint8_t> bytes, const BIGNUM* number) {
  return BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), const_cast<BIGNUM*>(number)) != nullptr;
}

}  // namespace

ECDSA_SIG* copy_signature(const ECDSA_SIG* signature) {
  EcdsaSig copy(ECDSA_SIG_new());
  Bignum r(BN_dup(ECDSA_SIG_get0_r(signature)));
  Bignum s(BN_dup(ECDSA_SIG_get0_s(signature)));
  if (!copy || !r || !s) return nullptr;
  ECDSA_SIG_set0(copy.get(), r.release(), s.release());
  return copy.release();
}

Result<SignatureCheck, KeyError> SignatureCheck::from_p256(std::span<const std::uint8_t> x, std::span<const std::uint8_t> y) {
  // RFC 7518 section 6.2.1.2: the full size of a coordinate, leading zeros included.
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) return Unexpected(KeyError::kMalformed);
  std::vector<std::uint8_t> point{kUncompressed};
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  SignatureCheck check(Algorithm::kEs256);
  if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1) {
    check.key_ = build_key("EC", builder.get());
  }
  if (!check.key_) return Unexpected(KeyError::kInvalidPoint);
  const EvpPkeyCtx context(EVP_PKEY_CTX_new_from_pkey(nullptr, check.key_.get(), nullptr));
  if (!context || EVP_PKEY_public_check(context.get()) != 1) return Unexpected(KeyError::kInvalidPoint);
  check.ec_key_ = EVP_PKEY_get0_EC_KEY(check.key_.get());
  if (check.ec_key_ == nullptr) return Unexpected(KeyError::kUnsupported);
  EcdsaSig signature(ECDSA_SIG_new());
  Bignum r(BN_new());
  Bignum s(BN_new());
  if (!signature || !r || !s) return Unexpected(KeyError::kUnsupported);
  ECDSA_SIG_set0(signature.get(), r.release(), s.release());
  check.signatures_ = std::make_unique<Signatures>(signature.release());
  check.table_ = std::make_unique<P256TableInUse>();
  check.fingerprint_ = sha256({to_string(check.algorithm_), as_text(x), as_text(y)});
  return check;
}

Result<SignatureCheck, KeyError> SignatureCheck::from_rsa(std::span<const std::uint8_t> modulus,
                                                          std::span<const std::uint8_t> exponent, Algorithm algorithm) {
  // RFC 7518 sections 6.3.1.1 and 2: the minimum number of octets.
  if (modulus.empty() || modulus.front() == 0 || exponent.empty() || exponent.front() == 0) {
    return Unexpected(KeyError::kMalformed);
  }
  const Bignum n(BN_bin2bn(modulus.data(), static_cast<int>(std::min<std::size_t>(modulus.size(), 4096)), nullptr));
  const int bits = BN_num_bits(n.get());
  if (bits < kMinRsaBits || bits > kMaxRsaBits || BN_is_odd(n.get()) != 1) return Unexpected(KeyError::kWeak);
  const bool is_one = exponent.size() == 1 && exponent.front() == 1;
  if (exponent.size() > kMaxExponentBytes || is_one || exponent.back() % 2 == 0) return Unexpected(KeyError::kWeak);

  const Bignum e(BN_bin2bn(exponent.data(), static_cast<int>(exponent.size()), nullptr));
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  SignatureCheck check(algorithm);
  if (OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1) {
    check.key_ = build_key("RSA", builder.get());
  }
  if (!check.key_) return Unexpected(KeyError::kMalformed);
  if (!check.prepare_rsa_check()) return Unexpected(KeyError::kUnsupported);
  const std::array<std::uint8_t, 1> exponent_size{static_cast<std::uint8_t>(exponent.size())};
  check.fingerprint_ = sha256({to_string(algorithm), as_text(exponent_size), as_text(exponent), as_text(modulus)});
  check.rsa_bytes_ = modulus.size();
  return check;
}

Result<SignatureCheck, KeyError> SignatureCheck::from_ed25519(std::span<const std::uint8_t> point) {
  if (point.size() != kEd25519KeyBytes) return Unexpected(KeyError::kMalformed);
  SignatureCheck check(Algorithm::kEdDsa);
  check.key_.reset(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, point.data(), point.size()));
  if (!check.key_) return Unexpected(KeyError::kInvalidPoint);
  check.fingerprint_ = sha256({to_string(check.algorithm_), as_text(point)});
  return check;
}

Result<SignatureCheck, KeyError> SignatureCheck::from_hmac_secret(std::span<const std::uint8_t> secret) {
  if (secret.size() < kMinHmacSecretBytes) return Unexpected(KeyError::kWeak);
  SignatureCheck check(Algorithm::kHs256);
  check.hmac_.emplace(secret);
  check.fingerprint_ = sha256({to_string(check.algorithm_), as_text(secret)});
  return check;
}

// Contexts that wait for a SHA-256 digest and a signature.
bool SignatureCheck::prepare_rsa_check() {
  EvpPkeyCtx context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  const bool is_pss = algorithm_ == Algorithm::kPs256;
  bool good = context && EVP_PKEY_verify_init(context.get()) == 1 &&
              EVP_PKEY_CTX_set_rsa_padding(context.get(), is_pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) == 1;
  // RFC 7518 section 3.5: the salt is as long as the digest, and MGF1 uses the same hash.
  good = good && (!is_pss || (EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), RSA_PSS_SALTLEN_DIGEST) == 1 &&
                              EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), EVP_sha256()) == 1));
  good = good && EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1;
  if (good) prepared_ = std::make_unique<DigestChecks>(context.release());
  return good;
}

bool SignatureCheck::verify(std::string_view signing_input, std::span<const std::uint8_t> signature) const {
  switch (algorithm_) {
    case Algorithm::kEs256: return verify_es256(signing_input, signature);
    case Algorithm::kEdDsa: return verify_eddsa(signing_input, signature);
    case Algorithm::kRs256:
    case Algorithm::kPs256: return verify_rsa(signing_input, signature);
    case Algorithm::kHs256: return verify_hs256(signing_input, signature);
  }
  return false;
}

bool SignatureCheck::verify_es256(std::string_view signing_input, std::span<const std::uint8_t> signature) const {
  if (signature.size() != 2 * kP256Bytes) return false;
  const Scalar r = signature.first<kP256Bytes>();
  const Scalar s = signature.last<kP256Bytes>();
  if (!is_in_range(r) || !is_in_range(s)) return false;
  const Signatures::Loan numbers(*signatures_);
  if (numbers.get() == nullptr) return false;
  if (!put(r, ECDSA_SIG_get0_r(numbers.get())) || !put(s, ECDSA_SIG_get0_s(numbers.get()))) return false;
  const Sha256Digest digest = sha256({signing_input});
  if (const P256Table* const table = table_->find(*EC_KEY_get0_public_key(ec_key_))) {
    return table->verify(digest, ECDSA_SIG_get0_r(numbers.get()), ECDSA_SIG_get0_s(numbers.get()));
  }
  // Only read, whatever the type says.
  return ECDSA_do_verify(digest.data(), static_cast<int>(digest.size()), numbers.get(), const_cast<EC_KEY*>(ec_key_)) == 1;
}

bool SignatureCheck::verify_rsa(std::string_view signing_input, std::span<const std::uint8_t> signature) const {
  if (signature.size() != rsa_bytes_) return false;
  const Sha256Digest digest = sha256({signing_input});
  const DigestChecks::Loan context(*prepared_);
  return context.get() != nullptr &&
         EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(), digest.size()) == 1;
}

bool SignatureCheck::verify_eddsa(std::string_view signing_input, std::span<const std::uint8_t> signature) const {
  if (signature.size() != kEd25519SignatureBytes) return false;
  const EvpMdCtx context(EVP_MD_CTX_new());
  const std::span<const std::uint8_t> message = as_bytes(signing_input);
  return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

bool SignatureCheck::verify_hs256(std::string_view signing_input, std::span<const std::uint8_t> signature) const {
  if (signature.size() != kHs256Bytes) return false;
  const std::array<std::uint8_t, kHs256Bytes> expected = hmac_->mac_of(signing_input);
  // In halves: of 16 bytes it compares words, of any other number byte by byte.
  constexpr std::size_t kHalf = kHs256Bytes / 2;
  return (CRYPTO_memcmp(expected.data(), signature.data(), kHalf) |
          CRYPTO_memcmp(expected.data() + kHalf, signature.data() + kHalf, kHalf)) == 0;
}

}  // namespace rescind
