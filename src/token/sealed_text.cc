#include "token/sealed_text.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>
#include <memory>

namespace rescind {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;

// Of one text, wiped when it goes.
struct KeyAndNonce {
  std::array<std::uint8_t, kKeyBytes + kNonceBytes> bytes;
  const std::uint8_t* key() const { return bytes.data(); }
  const std::uint8_t* nonce() const { return bytes.data() + kKeyBytes; }
  KeyAndNonce() = default;
  KeyAndNonce(const KeyAndNonce&) = delete;
  KeyAndNonce& operator=(const KeyAndNonce&) = delete;
  ~KeyAndNonce() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

struct Free {
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Free>;

// OpenSSL without HKDF, AES or memory: there is nothing safe to go on with.
void must(bool done) {
  if (!done) std::abort();
}

void derive(const Secret& master, std::span<const std::uint8_t> salt, KeyAndNonce& out) {
  const std::unique_ptr<EVP_KDF, Free> kdf(EVP_KDF_fetch(nullptr, OSSL_KDF_NAME_HKDF, nullptr));
  const std::unique_ptr<EVP_KDF_CTX, Free> context(EVP_KDF_CTX_new(kdf.get()));
  must(context != nullptr);
  char digest[] = "SHA256";
  char purpose[] = "rescind-sealed-text-v1";
  const auto octets = [](const char* name, std::span<const std::uint8_t> bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes.data()), bytes.size());
  };
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                                   octets(OSSL_KDF_PARAM_KEY, master.reveal_bytes()), octets(OSSL_KDF_PARAM_SALT, salt),
                                   OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, purpose, sizeof(purpose) - 1),
                                   OSSL_PARAM_construct_end()};
  must(EVP_KDF_derive(context.get(), out.bytes.data(), out.bytes.size(), parameters) == 1);
}

}  // namespace

std::vector<std::uint8_t> seal(const Secret& text, const Secret& master, Random& random) {
  assert(master.size() >= kMinMasterSecretBytes);
  std::vector<std::uint8_t> sealed(kSealSaltBytes + text.size() + kSealTagBytes);
  const std::span<std::uint8_t> salt = std::span(sealed).first(kSealSaltBytes);
  random.fill(salt);
  KeyAndNonce key;
  derive(master, salt, key);
  const Cipher cipher(EVP_CIPHER_CTX_new());
  must(cipher && EVP_EncryptInit_ex2(cipher.get(), EVP_aes_256_gcm(), key.key(), key.nonce(), nullptr) == 1);
  std::uint8_t* const out = sealed.data() + kSealSaltBytes;
  int written = 0;
  int rest = 0;
  must(EVP_EncryptUpdate(cipher.get(), out, &written, text.reveal_bytes().data(), static_cast<int>(text.size())) == 1);
  must(EVP_EncryptFinal_ex(cipher.get(), out + written, &rest) == 1);
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kSealTagBytes, out + text.size()) == 1);
  return sealed;
}

std::optional<Secret> unseal(std::span<const std::uint8_t> sealed, const Secret& master) {
  if (sealed.size() < kSealSaltBytes + kSealTagBytes) return std::nullopt;
  const auto ciphertext = sealed.subspan(kSealSaltBytes, sealed.size() - kSealSaltBytes - kSealTagBytes);
  std::array<std::uint8_t, kSealTagBytes> tag;
  std::ranges::copy(sealed.last(kSealTagBytes), tag.begin());
  KeyAndNonce key;
  derive(master, sealed.first(kSealSaltBytes), key);
  const Cipher cipher(EVP_CIPHER_CTX_new());
  must(cipher && EVP_DecryptInit_ex2(cipher.get(), EVP_aes_256_gcm(), key.key(), key.nonce(), nullptr) == 1);
  std::string text(ciphertext.size(), '\0');
  auto* const out = reinterpret_cast<std::uint8_t*>(text.data());
  int written = 0;
  int rest = 0;
  must(EVP_DecryptUpdate(cipher.get(), out, &written, ciphertext.data(), static_cast<int>(ciphertext.size())) == 1);
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kSealTagBytes, tag.data()) == 1);
  const bool is_authentic = EVP_DecryptFinal_ex(cipher.get(), out + written, &rest) == 1;
  Secret secret(std::move(text));  // wiped where nobody gets it
  if (!is_authentic) return std::nullopt;
  return secret;
}

}  // namespace rescind
