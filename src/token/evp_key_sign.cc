// What replaces ECDSA_do_sign() copies contexts for each signature, and gives DER, which has to be taken apart again.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cassert>
#include <cstdlib>

#include "token/evp_key.h"
#include "verify/sha256.h"

namespace rescind {
namespace {

constexpr int kCoordinateBytes = 32;

void require(bool succeeded) {
  if (!succeeded) std::abort();
}

// RFC 7518 section 3.5: MGF1 with SHA-256, salt as long as the digest.
void use_pss(EVP_PKEY_CTX* context) {
  require(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
          EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 &&
          EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1);
}

}  // namespace

void EvpSigner::Free::operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
void EvpSigner::Free::operator()(EC_KEY* key) const { EC_KEY_free(key); }

EvpSigner::EvpSigner(const EvpKey& key, Algorithm algorithm)
    : max_size_(static_cast<std::size_t>(EVP_PKEY_get_size(key.get()))) {
  assert(algorithm != Algorithm::kHs256);
  if (algorithm == Algorithm::kEs256) {
    ec_key_.reset(EVP_PKEY_get1_EC_KEY(key.get()));
    require(ec_key_ != nullptr);
    return;
  }
  prepared_.reset(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;  // owned by `prepared_`
  const EVP_MD* const digest = algorithm == Algorithm::kEdDsa ? nullptr : EVP_sha256();
  require(prepared_ && EVP_DigestSignInit(prepared_.get(), &key_context, digest, nullptr, key.get()) == 1);
  if (algorithm == Algorithm::kPs256) use_pss(key_context);
}

std::string EvpSigner::sign(std::string_view signing_input) const {
  return ec_key_ ? sign_es256(signing_input) : sign_prepared(signing_input);
}

// r || s (RFC 7518 section 3.4).
std::string EvpSigner::sign_es256(std::string_view signing_input) const {
  const Sha256Digest digest = sha256({signing_input});
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(
      ECDSA_do_sign(digest.data(), static_cast<int>(digest.size()), ec_key_.get()), &ECDSA_SIG_free);
  require(signature != nullptr);
  std::string raw(2 * kCoordinateBytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  require(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, kCoordinateBytes) == kCoordinateBytes);
  require(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + kCoordinateBytes, kCoordinateBytes) == kCoordinateBytes);
  return raw;
}

std::string EvpSigner::sign_prepared(std::string_view signing_input) const {
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  require(context && EVP_MD_CTX_copy_ex(context.get(), prepared_.get()) == 1);

  EVP_MD_CTX_set_flags(context.get(), EVP_MD_CTX_FLAG_FINALISE);  // it signs once, and needs no copy of itself for that

  const auto* input = reinterpret_cast<const unsigned char*>(signing_input.data());
  std::size_t size = max_size_;
  std::string signature(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  require(EVP_DigestSign(context.get(), out, &size, input, signing_input.size()) == 1);
  signature.resize(size);
  return signature;
}

}  // namespace rescind
