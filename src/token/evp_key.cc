#include "token/evp_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cassert>
#include <cstdlib>

#include "rescind/base64url.h"

namespace rescind {
namespace {

constexpr std::size_t kCoordinateBytes = 32;

struct NamedNumber {
  const char* member;
  const char* parameter;
};
constexpr NamedNumber kRsaPublic[] = {{"n", OSSL_PKEY_PARAM_RSA_N}, {"e", OSSL_PKEY_PARAM_RSA_E}};
constexpr NamedNumber kRsaPrivate[] = {
    {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},    {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1}, {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
};

Secret encode(std::span<const std::uint8_t> bytes) { return Secret(base64url_encode(bytes)); }

// Base64urlUInt (RFC 7518 section 2) where `width` is 0, else padded to `width` bytes.
Secret number_member(const EVP_PKEY* key, const char* parameter, std::size_t width) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, parameter, &number) != 1) std::abort();
  std::vector<std::uint8_t> bytes(width == 0 ? static_cast<std::size_t>(BN_num_bytes(number)) : width);
  if (BN_bn2binpad(number, bytes.data(), static_cast<int>(bytes.size())) < 0) std::abort();
  BN_clear_free(number);
  Secret text = encode(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return text;
}

Secret raw_member(const EVP_PKEY* key, int (*read)(const EVP_PKEY*, unsigned char*, std::size_t*)) {
  std::array<std::uint8_t, kCoordinateBytes> bytes;
  std::size_t size = bytes.size();
  if (read(key, bytes.data(), &size) != 1 || size != bytes.size()) std::abort();
  Secret text = encode(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return text;
}

}  // namespace

void EvpKeyDeleter::operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }

Result<EvpKey> generate_evp_key(Algorithm algorithm) {
  EvpKey key;
  switch (algorithm) {
    case Algorithm::kEs256: key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); break;
    case Algorithm::kEdDsa: key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); break;
    case Algorithm::kRs256:
    case Algorithm::kPs256:
      key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(kGeneratedRsaBits)));
      break;
    case Algorithm::kHs256: assert(false && "an HMAC secret is no EVP key"); break;
  }
  if (!key) return fail(ErrorCode::kInternal, "OpenSSL could not generate a signing key");
  return key;
}

JwkMembers public_members(const EvpKey& key, Algorithm algorithm) {
  JwkMembers members;
  switch (algorithm) {
    case Algorithm::kEs256:
      members["kty"] = Secret("EC");
      members["crv"] = Secret("P-256");
      members["x"] = number_member(key.get(), OSSL_PKEY_PARAM_EC_PUB_X, kCoordinateBytes);
      members["y"] = number_member(key.get(), OSSL_PKEY_PARAM_EC_PUB_Y, kCoordinateBytes);
      break;
    case Algorithm::kEdDsa:
      members["kty"] = Secret("OKP");
      members["crv"] = Secret("Ed25519");
      members["x"] = raw_member(key.get(), &EVP_PKEY_get_raw_public_key);
      break;
    case Algorithm::kRs256:
    case Algorithm::kPs256:
      members["kty"] = Secret("RSA");
      for (const auto& [name, parameter] : kRsaPublic) members[name] = number_member(key.get(), parameter, 0);
      break;
    case Algorithm::kHs256: assert(false && "an HMAC secret has no public members"); break;
  }
  return members;
}

JwkMembers private_members(const EvpKey& key, Algorithm algorithm) {
  JwkMembers members = public_members(key, algorithm);
  switch (algorithm) {
    case Algorithm::kEs256: members["d"] = number_member(key.get(), OSSL_PKEY_PARAM_PRIV_KEY, kCoordinateBytes); break;
    case Algorithm::kEdDsa: members["d"] = raw_member(key.get(), &EVP_PKEY_get_raw_private_key); break;
    case Algorithm::kRs256:
    case Algorithm::kPs256:
      for (const auto& [name, parameter] : kRsaPrivate) members[name] = number_member(key.get(), parameter, 0);
      break;
    case Algorithm::kHs256: break;
  }
  return members;
}

}  // namespace rescind
