#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cassert>
#include <cstdlib>

#include "token/evp_key.h"

namespace rescind {
namespace {

constexpr int kCoordinateBytes = 32;

void require(bool succeeded) {
  if (!succeeded) std::abort();
}

// OpenSSL gives DER; JWS wants r || s (RFC 7518 section 3.4).
std::string der_to_raw(const std::string& der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(
      d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size())), &ECDSA_SIG_free);
  require(signature != nullptr);
  std::string raw(2 * kCoordinateBytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  require(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, kCoordinateBytes) == kCoordinateBytes);
  require(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + kCoordinateBytes, kCoordinateBytes) == kCoordinateBytes);
  return raw;
}

// RFC 7518 section 3.5: MGF1 with SHA-256, salt as long as the digest.
void use_pss(EVP_PKEY_CTX* context) {
  require(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
          EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 &&
          EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1);
}

}  // namespace

void EvpSigner::Free::operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }

EvpSigner::EvpSigner(const EvpKey& key, Algorithm algorithm)
    : algorithm_(algorithm), max_size_(static_cast<std::size_t>(EVP_PKEY_get_size(key.get()))), prepared_(EVP_MD_CTX_new()) {
  assert(algorithm != Algorithm::kHs256);
  EVP_PKEY_CTX* key_context = nullptr;  // owned by `prepared_`
  const EVP_MD* const digest = algorithm == Algorithm::kEdDsa ? nullptr : EVP_sha256();
  require(prepared_ && EVP_DigestSignInit(prepared_.get(), &key_context, digest, nullptr, key.get()) == 1);
  if (algorithm == Algorithm::kPs256) use_pss(key_context);
}

std::string EvpSigner::sign(std::string_view signing_input) const {
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  require(context && EVP_MD_CTX_copy_ex(context.get(), prepared_.get()) == 1);

  EVP_MD_CTX_set_flags(context.get(), EVP_MD_CTX_FLAG_FINALISE);  // it signs once, and needs no copy of itself for that

  const auto* input = reinterpret_cast<const unsigned char*>(signing_input.data());
  std::size_t size = max_size_;
  std::string signature(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  require(EVP_DigestSign(context.get(), out, &size, input, signing_input.size()) == 1);
  signature.resize(size);
  return algorithm_ == Algorithm::kEs256 ? der_to_raw(signature) : signature;
}

}  // namespace rescind
