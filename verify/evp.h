// Owning pointers for OpenSSL's EVP objects. Not installed: OpenSSL stays out of the public headers.
#ifndef RESCIND_VERIFY_EVP_H_
#define RESCIND_VERIFY_EVP_H_

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

namespace rescind {

template <auto kFree>
struct EvpDeleter {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};

using EvpPkey = std::unique_ptr<EVP_PKEY, EvpDeleter<EVP_PKEY_free>>;
using EvpPkeyCtx = std::unique_ptr<EVP_PKEY_CTX, EvpDeleter<EVP_PKEY_CTX_free>>;
using EvpMdCtx = std::unique_ptr<EVP_MD_CTX, EvpDeleter<EVP_MD_CTX_free>>;
using EvpMac = std::unique_ptr<EVP_MAC, EvpDeleter<EVP_MAC_free>>;
using EvpMacCtx = std::unique_ptr<EVP_MAC_CTX, EvpDeleter<EVP_MAC_CTX_free>>;
using Bignum = std::unique_ptr<BIGNUM, EvpDeleter<BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, EvpDeleter<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, EvpDeleter<OSSL_PARAM_free>>;
// BIO_free returns an int, hence the _all form.
using Bio = std::unique_ptr<BIO, EvpDeleter<BIO_free_all>>;

}  // namespace rescind

#endif  // RESCIND_VERIFY_EVP_H_
