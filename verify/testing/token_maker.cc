#include "verify/testing/token_maker.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "rescind/base64url.h"
#include "verify/evp.h"
#include "verify/sha256.h"

namespace rescind::testing {
namespace {

void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "token maker: %s failed\n", what);
  std::abort();
}

std::string number_of(const EVP_PKEY* key, const char* name, int least_size) {
  BIGNUM* raw = nullptr;
  require(EVP_PKEY_get_bn_param(key, name, &raw) == 1, name);
  const Bignum number(raw);
  std::string bytes(static_cast<std::size_t>(std::max(least_size, BN_num_bytes(raw))), '\0');
  BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return bytes;
}

// DER to r || s (RFC 7518 section 3.4).
std::string raw_signature(std::string_view der) {
  const auto* data = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &data, static_cast<long>(der.size()));
  require(signature != nullptr, "d2i_ECDSA_SIG");
  std::string raw(64, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + 32, 32);
  ECDSA_SIG_free(signature);
  return raw;
}

std::string sign_with(EVP_PKEY* key, const char* digest, std::optional<int> pss_salt_bytes, std::string_view input) {
  const EvpMdCtx context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* settings = nullptr;
  require(EVP_DigestSignInit_ex(context.get(), &settings, digest, nullptr, nullptr, key, nullptr) == 1, "EVP_DigestSignInit");
  if (pss_salt_bytes) {
    require(EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1, "padding");
    require(EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, *pss_salt_bytes) == 1, "salt");
  }
  const auto message = as_bytes(input);
  std::size_t size = 0;
  require(EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1, "EVP_DigestSign");
  std::string signature(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  require(EVP_DigestSign(context.get(), out, &size, message.data(), message.size()) == 1, "EVP_DigestSign");
  signature.resize(size);
  return signature;
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace

struct TokenMaker::Material {
  Algorithm algorithm;
  std::string key_id;
  EvpPkey key;         // absent for HS256
  std::string secret;  // HS256 only
};

TokenMaker TokenMaker::generate(Algorithm algorithm, std::string key_id) {
  switch (algorithm) {
    case Algorithm::kEs256:
      return TokenMaker(
          std::make_shared<const Material>(Material{algorithm, std::move(key_id), EvpPkey(EVP_EC_gen("P-256")), {}}));
    case Algorithm::kEdDsa: {
      EvpPkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
      return TokenMaker(std::make_shared<const Material>(Material{algorithm, std::move(key_id), std::move(key), {}}));
    }
    case Algorithm::kRs256:
    case Algorithm::kPs256: return generate_rsa(2048, algorithm, std::move(key_id));
    case Algorithm::kHs256: break;
  }
  std::string secret(32, '\0');
  require(RAND_bytes(reinterpret_cast<unsigned char*>(secret.data()), 32) == 1, "RAND_bytes");
  return from_secret(std::move(secret), std::move(key_id));
}

TokenMaker TokenMaker::generate_rsa(int bits, Algorithm algorithm, std::string key_id) {
  EvpPkey key(EVP_RSA_gen(static_cast<unsigned>(bits)));
  return TokenMaker(std::make_shared<const Material>(Material{algorithm, std::move(key_id), std::move(key), {}}));
}

TokenMaker TokenMaker::from_secret(std::string secret, std::string key_id) {
  return TokenMaker(
      std::make_shared<const Material>(Material{Algorithm::kHs256, std::move(key_id), nullptr, std::move(secret)}));
}

const TokenMaker& TokenMaker::shared(Algorithm algorithm) {
  static const std::vector<TokenMaker> kMakers = [] {
    std::vector<TokenMaker> makers;
    for (const Algorithm each : kAllAlgorithms) makers.push_back(generate(each));
    return makers;
  }();
  for (const TokenMaker& maker : kMakers) {
    if (maker.algorithm() == algorithm) return maker;
  }
  std::abort();
}

Algorithm TokenMaker::algorithm() const { return material_->algorithm; }
const std::string& TokenMaker::key_id() const { return material_->key_id; }

VerificationKey TokenMaker::key() const {
  auto key = VerificationKey::from_jwk(public_jwk());
  require(key.has_value(), "from_jwk");
  return *key;
}

KeySet TokenMaker::key_set() const {
  auto keys = KeySet::from_keys({key()});
  require(keys.has_value(), "from_keys");
  return *keys;
}

std::string TokenMaker::header() const {
  return R"({"alg":")" + std::string(to_string(algorithm())) + R"(","typ":"at+jwt","kid":)" + quote(key_id()) + "}";
}

std::string TokenMaker::sign(std::string_view input) const {
  switch (algorithm()) {
    case Algorithm::kEs256: return raw_signature(sign_with(material_->key.get(), "SHA256", std::nullopt, input));
    case Algorithm::kEdDsa: return sign_with(material_->key.get(), nullptr, std::nullopt, input);
    case Algorithm::kRs256: return sign_with(material_->key.get(), "SHA256", std::nullopt, input);
    case Algorithm::kPs256: return sign_pss(input, 32);
    case Algorithm::kHs256: break;
  }
  const auto secret = as_bytes(material_->secret);
  const EvpPkey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, nullptr, secret.data(), secret.size()));
  return sign_with(key.get(), "SHA256", std::nullopt, input);
}

std::string TokenMaker::sign_pss(std::string_view input, int salt_bytes) const {
  return sign_with(material_->key.get(), "SHA256", salt_bytes, input);
}

std::string TokenMaker::make(std::string_view header, std::string_view payload) const {
  const std::string input = encode(header) + "." + encode(payload);
  return input + "." + encode(sign(input));
}

std::string TokenMaker::public_jwk() const {
  const std::string tail = R"(,"alg":")" + std::string(to_string(algorithm())) + R"(","kid":)" + quote(key_id()) + "}";
  switch (algorithm()) {
    case Algorithm::kEs256:
      return R"({"kty":"EC","crv":"P-256","x":")" + encode(public_numbers().substr(0, 32)) + R"(","y":")" +
             encode(public_numbers().substr(32)) + '"' + tail;
    case Algorithm::kEdDsa: return R"({"kty":"OKP","crv":"Ed25519","x":")" + encode(public_numbers()) + '"' + tail;
    case Algorithm::kRs256:
    case Algorithm::kPs256:
      return R"({"kty":"RSA","n":")" + encode(public_numbers()) + R"(","e":")" +
             encode(number_of(material_->key.get(), OSSL_PKEY_PARAM_RSA_E, 0)) + '"' + tail;
    case Algorithm::kHs256: break;
  }
  return R"({"kty":"oct","k":")" + encode(material_->secret) + '"' + tail;
}

std::string TokenMaker::public_pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PUBKEY(bio.get(), material_->key.get()) == 1, "PEM_write_bio_PUBKEY");
  return text_of(bio.get());
}

std::string TokenMaker::public_der() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(i2d_PUBKEY_bio(bio.get(), material_->key.get()) == 1, "i2d_PUBKEY_bio");
  return text_of(bio.get());
}

std::string TokenMaker::public_numbers() const {
  const EVP_PKEY* key = material_->key.get();
  if (algorithm() == Algorithm::kEs256) {
    return number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, 32) + number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
  }
  if (algorithm() != Algorithm::kEdDsa) return number_of(key, OSSL_PKEY_PARAM_RSA_N, 0);
  std::string point(32, '\0');
  std::size_t size = point.size();
  require(EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(point.data()), &size) == 1, "raw key");
  return point;
}

ClaimsText::ClaimsText(std::chrono::sys_seconds issued_at, std::chrono::seconds lifetime) {
  set("iss", quote(kIssuer)).set("aud", quote(kAudience)).set("sub", quote(kSubject));
  set("jti", quote(kTokenId)).set("sid", quote(kSessionId)).set("client_id", quote(kClientId));
  set("tv", std::to_string(kTokenVersion)).set("iat", issued_at).set("exp", issued_at + lifetime);
}

ClaimsText& ClaimsText::set(std::string name, std::string json) {
  members_[std::move(name)] = std::move(json);
  return *this;
}

ClaimsText& ClaimsText::set(std::string name, std::chrono::sys_seconds time) {
  return set(std::move(name), std::to_string(time.time_since_epoch().count()));
}

ClaimsText& ClaimsText::remove(const std::string& name) {
  members_.erase(name);
  return *this;
}

std::string ClaimsText::text() const {
  std::string text;
  for (const auto& [name, json] : members_) text += (text.empty() ? "{" : ",") + quote(name) + ":" + json;
  return text + "}";
}

VerifierPolicy default_policy() {
  VerifierPolicy policy;
  policy.issuer = kIssuer;
  policy.audience = kAudience;
  return policy;
}

std::string encode(std::string_view bytes) { return base64url_encode(as_bytes(bytes)); }

std::string decode(std::string_view text) {
  const auto bytes = base64url_decode(text);
  require(bytes.has_value(), "base64url_decode");
  return std::string(as_text(*bytes));
}

std::vector<std::string> split_token(std::string_view token) {
  std::vector<std::string> segments{""};
  for (const char c : token) {
    if (c == '.') {
      segments.emplace_back();
    } else {
      segments.back() += c;
    }
  }
  return segments;
}

std::string quote(std::string_view text) { return boost::json::serialize(boost::json::value(text)); }

}  // namespace rescind::testing
