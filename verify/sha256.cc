#include "verify/sha256.h"

#include <cstdlib>

#include "verify/evp.h"

namespace rescind {
namespace {

// Fetched once and never freed: contexts of other threads may outlive every static.
const EVP_MD* sha256_method() {
  static const EVP_MD* const kMethod = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kMethod;
}

}  // namespace

Sha256Digest sha256(std::initializer_list<std::string_view> pieces) {
  thread_local const EvpMdCtx context(EVP_MD_CTX_new());
  Sha256Digest digest{};
  bool good = context != nullptr && EVP_DigestInit_ex2(context.get(), sha256_method(), nullptr) == 1;
  for (const std::string_view piece : pieces) {
    good = good && EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1;
  }
  good = good && EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  // A wrong digest would be a wrong revocation key, that is a token that cannot be taken back.
  if (!good) std::abort();
  return digest;
}

}  // namespace rescind
