#include "verify/sha256.h"

// The interfaces that replace these cost more around a short text than hashing it does.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace rescind {

Sha256Digest sha256(std::initializer_list<std::string_view> pieces) {
  SHA256_CTX state;
  SHA256_Init(&state);
  for (const std::string_view piece : pieces) SHA256_Update(&state, piece.data(), piece.size());
  Sha256Digest digest;
  SHA256_Final(digest.data(), &state);
  return digest;
}

}  // namespace rescind
