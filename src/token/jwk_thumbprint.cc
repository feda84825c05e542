#include "token/jwk_thumbprint.h"

#include <openssl/evp.h>

#include <array>
#include <cstdlib>

#include "rescind/base64url.h"

namespace rescind {

std::string jwk_thumbprint(const JwkMembers& members) {
  std::string json = "{";
  for (const auto& [name, value] : members) {
    if (json.size() > 1) json += ',';
    json.append("\"").append(name).append("\":\"").append(value.reveal()).append("\"");
  }
  json += '}';
  std::array<std::uint8_t, 32> digest;
  unsigned int size = 0;
  if (EVP_Digest(json.data(), json.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) std::abort();
  return base64url_encode(digest);
}

}  // namespace rescind
