#include "rescind/key.h"

#include <openssl/pem.h>

#include <array>

#include "verify/key_material.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxPemBytes = 16 * 1024;
constexpr std::string_view kPemBegin = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view kPemEnd = "-----END PUBLIC KEY-----";

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  return first == text.npos ? std::string_view() : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

EvpPkey read_public_pem(std::string_view pem) {
  pem = trim(pem);
  if (pem.size() > kMaxPemBytes || !pem.starts_with(kPemBegin) || !pem.ends_with(kPemEnd)) return nullptr;
  if (pem.find(kPemBegin, 1) != pem.npos) return nullptr;
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return EvpPkey(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
}

std::vector<std::uint8_t> number_of(const EVP_PKEY* key, const char* name, std::size_t least_size = 0) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) return {};
  const Bignum number(raw);
  std::vector<std::uint8_t> bytes(std::max<std::size_t>(least_size, static_cast<std::size_t>(BN_num_bytes(raw))));
  if (BN_bn2binpad(raw, bytes.data(), static_cast<int>(bytes.size())) < 0) return {};
  return bytes;
}

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
         std::string_view(group.data()) == "prime256v1";
}

Result<SignatureCheck, KeyError> check_of(const EVP_PKEY* key, Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kEs256:
      if (!is_p256(key)) break;
      return SignatureCheck::from_p256(number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, 32),
                                       number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, 32));
    case Algorithm::kEdDsa: {
      std::array<std::uint8_t, 32> point{};
      std::size_t size = point.size();
      if (EVP_PKEY_is_a(key, "ED25519") != 1 || EVP_PKEY_get_raw_public_key(key, point.data(), &size) != 1) break;
      return SignatureCheck::from_ed25519(point);
    }
    case Algorithm::kRs256:
    case Algorithm::kPs256:
      if (EVP_PKEY_is_a(key, "RSA") != 1) break;
      return SignatureCheck::from_rsa(number_of(key, OSSL_PKEY_PARAM_RSA_N), number_of(key, OSSL_PKEY_PARAM_RSA_E), algorithm);
    case Algorithm::kHs256: break;
  }
  return Unexpected(KeyError::kUnsupported);
}

}  // namespace

std::string_view to_string(KeyError error) {
  switch (error) {
    case KeyError::kMalformed: return "malformed";
    case KeyError::kUnsupported: return "unsupported";
    case KeyError::kWeak: return "weak";
    case KeyError::kInvalidPoint: return "invalid_point";
    case KeyError::kInvalidKeyId: return "invalid_key_id";
    case KeyError::kDuplicateKeyId: return "duplicate_key_id";
  }
  return "";
}

VerificationKey::VerificationKey(std::shared_ptr<const Material> material) : material_(std::move(material)) {}

Result<VerificationKey, KeyError> VerificationKey::from_public_pem(std::string_view pem, Algorithm algorithm,
                                                                   std::string key_id) {
  if (!is_valid_key_id(key_id)) return Unexpected(KeyError::kInvalidKeyId);
  const EvpPkey key = read_public_pem(pem);
  if (!key) return Unexpected(KeyError::kMalformed);
  auto check = check_of(key.get(), algorithm);
  if (!check) return Unexpected(check.error());
  return VerificationKey(std::make_shared<const Material>(Material{std::move(key_id), std::move(*check)}));
}

Result<VerificationKey, KeyError> VerificationKey::from_hmac_secret(std::span<const std::uint8_t> secret, std::string key_id) {
  if (!is_valid_key_id(key_id)) return Unexpected(KeyError::kInvalidKeyId);
  if (std::string_view(reinterpret_cast<const char*>(secret.data()), secret.size()).find("-----BEGIN ") !=
      std::string_view::npos) {
    return Unexpected(KeyError::kMalformed);
  }
  auto check = SignatureCheck::from_hmac_secret(secret);
  if (!check) return Unexpected(check.error());
  return VerificationKey(std::make_shared<const Material>(Material{std::move(key_id), std::move(*check)}));
}

const std::string& VerificationKey::key_id() const { return material_->key_id; }
Algorithm VerificationKey::algorithm() const { return material_->check.algorithm(); }

bool VerificationKey::verify(std::string_view signing_input, std::span<const std::uint8_t> signature) const {
  return material_->check.verify(signing_input, signature);
}

bool VerificationKey::operator==(const VerificationKey& other) const {
  return material_ == other.material_ ||
         (key_id() == other.key_id() && material_->check.fingerprint() == other.material_->check.fingerprint());
}

KeySet::KeySet() : KeySet(Keys()) {}
KeySet::KeySet(Keys keys) : keys_(std::make_shared<const Keys>(std::move(keys))) {}

Result<KeySet, KeyError> KeySet::from_keys(std::vector<VerificationKey> keys) {
  if (keys.size() > kMaxKeysInSet) return Unexpected(KeyError::kMalformed);
  Keys set;
  for (VerificationKey& key : keys) {
    std::string key_id = key.key_id();
    if (!set.try_emplace(std::move(key_id), std::move(key)).second) return Unexpected(KeyError::kDuplicateKeyId);
  }
  return KeySet(std::move(set));
}

const VerificationKey* KeySet::find(std::string_view key_id) const {
  const auto key = keys_->find(key_id);
  return key == keys_->end() ? nullptr : &key->second;
}

}  // namespace rescind
