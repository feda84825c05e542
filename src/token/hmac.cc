#include "token/hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstdlib>

namespace rescind {
namespace {

// Fetched once: fetching costs more than the MAC of a token.
EVP_MAC* fetched_hmac() {
  static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr);
  return mac;
}

}  // namespace

void HmacKey::Free::operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }

HmacKey::HmacKey(std::span<const std::uint8_t> key) : prepared_(EVP_MAC_CTX_new(fetched_hmac())) {
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                   OSSL_PARAM_construct_end()};
  if (!prepared_ || EVP_MAC_init(prepared_.get(), key.data(), key.size(), parameters) != 1) std::abort();
}

HmacTag HmacKey::authenticate(std::span<const std::uint8_t> data) const {
  const std::unique_ptr<EVP_MAC_CTX, Free> context(EVP_MAC_CTX_dup(prepared_.get()));
  HmacTag tag;
  std::size_t size = 0;
  if (!context || EVP_MAC_update(context.get(), data.data(), data.size()) != 1 ||
      EVP_MAC_final(context.get(), tag.data(), &size, tag.size()) != 1 || size != tag.size()) {
    std::abort();
  }
  return tag;
}

HmacTag hmac_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> data) {
  return HmacKey(key).authenticate(data);
}

}  // namespace rescind
