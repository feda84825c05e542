#include "bench/lib/openssl_baseline.h"

#define OPENSSL_SUPPRESS_DEPRECATED  // the older interfaces are faster in places
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <array>
#include <cstdlib>

#include "rescind/base64url.h"
#include "verify/evp.h"
#include "verify/sha256.h"

namespace rescind::bench {
namespace {

using EcdsaSig = std::unique_ptr<ECDSA_SIG, EvpDeleter<ECDSA_SIG_free>>;
using HmacCtx = std::unique_ptr<HMAC_CTX, EvpDeleter<HMAC_CTX_free>>;

void require(bool good) {
  if (!good) std::abort();
}

struct Message {
  std::string signing_input;
  std::vector<std::uint8_t> signature;  // DER for ES256
  EcdsaSig numbers;
};

}  // namespace

struct OpensslBaseline::State {
  std::vector<Message> messages;
  EvpPkey key;
  EvpPkeyCtx verifying;
  const EC_KEY* ec_key = nullptr;
  EvpMdCtx digesting;
  EVP_MD* sha256 = nullptr;
  EvpMacCtx keyed;
  HmacCtx hmac;

  std::array<std::uint8_t, 32> digest(const std::string& text) {
    std::array<std::uint8_t, 32> out;
    require(EVP_DigestInit_ex2(digesting.get(), sha256, nullptr) == 1 &&
            EVP_DigestUpdate(digesting.get(), text.data(), text.size()) == 1 &&
            EVP_DigestFinal_ex(digesting.get(), out.data(), nullptr) == 1);
    return out;
  }
};

OpensslBaseline::OpensslBaseline() : state_(std::make_unique<State>()) {}
OpensslBaseline::OpensslBaseline(OpensslBaseline&&) noexcept = default;
OpensslBaseline::~OpensslBaseline() = default;

OpensslBaseline OpensslBaseline::es256(std::string_view pem, const std::vector<std::string>& tokens) {
  OpensslBaseline baseline;
  State& state = *baseline.state_;
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  state.key.reset(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  state.verifying.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, state.key.get(), nullptr));
  state.ec_key = EVP_PKEY_get0_EC_KEY(state.key.get());
  state.digesting.reset(EVP_MD_CTX_new());
  state.sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  require(state.ec_key != nullptr && EVP_PKEY_verify_init(state.verifying.get()) == 1 &&
          EVP_PKEY_CTX_set_signature_md(state.verifying.get(), state.sha256) == 1);
  for (const std::string& token : tokens) {
    const std::size_t dot = token.rfind('.');
    const auto raw = base64url_decode(std::string_view(token).substr(dot + 1));
    require(raw && raw->size() == 64);
    Message message{token.substr(0, dot), {}, EcdsaSig(ECDSA_SIG_new())};
    require(ECDSA_SIG_set0(message.numbers.get(), BN_bin2bn(raw->data(), 32, nullptr),
                           BN_bin2bn(raw->data() + 32, 32, nullptr)) == 1);
    message.signature.resize(static_cast<std::size_t>(i2d_ECDSA_SIG(message.numbers.get(), nullptr)));
    std::uint8_t* out = message.signature.data();
    i2d_ECDSA_SIG(message.numbers.get(), &out);
    state.messages.push_back(std::move(message));
  }
  baseline.ways_ = {{"EVP_PKEY_verify", &OpensslBaseline::evp_verify}, {"ECDSA_do_verify", &OpensslBaseline::ecdsa_verify}};
  return baseline;
}

OpensslBaseline OpensslBaseline::hs256(std::string_view secret, const std::vector<std::string>& tokens) {
  OpensslBaseline baseline;
  State& state = *baseline.state_;
  const EvpMac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  state.keyed.reset(EVP_MAC_CTX_new(mac.get()));
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
  const auto key = as_bytes(secret);
  require(EVP_MAC_init(state.keyed.get(), key.data(), key.size(), params) == 1);
  state.hmac.reset(HMAC_CTX_new());
  require(HMAC_Init_ex(state.hmac.get(), secret.data(), static_cast<int>(secret.size()), EVP_sha256(), nullptr) == 1);
  for (const std::string& token : tokens) {
    const std::size_t dot = token.rfind('.');
    const auto raw = base64url_decode(std::string_view(token).substr(dot + 1));
    require(raw && raw->size() == 32);
    state.messages.push_back({token.substr(0, dot), *raw, nullptr});
  }
  baseline.ways_ = {{"EVP_MAC", &OpensslBaseline::evp_mac}, {"HMAC", &OpensslBaseline::hmac}};
  return baseline;
}

bool OpensslBaseline::evp_verify(std::size_t token) {
  const Message& message = state_->messages[token];
  const auto digest = state_->digest(message.signing_input);
  return EVP_PKEY_verify(state_->verifying.get(), message.signature.data(), message.signature.size(), digest.data(),
                         digest.size()) == 1;
}

bool OpensslBaseline::ecdsa_verify(std::size_t token) {
  const Message& message = state_->messages[token];
  const auto digest = state_->digest(message.signing_input);
  return ECDSA_do_verify(digest.data(), static_cast<int>(digest.size()), message.numbers.get(),
                         const_cast<EC_KEY*>(state_->ec_key)) == 1;
}

bool OpensslBaseline::evp_mac(std::size_t token) {
  const Message& message = state_->messages[token];
  std::array<std::uint8_t, 32> mac;
  std::size_t size = 0;
  const auto input = as_bytes(message.signing_input);
  return EVP_MAC_init(state_->keyed.get(), nullptr, 0, nullptr) == 1 &&
         EVP_MAC_update(state_->keyed.get(), input.data(), input.size()) == 1 &&
         EVP_MAC_final(state_->keyed.get(), mac.data(), &size, mac.size()) == 1 &&
         CRYPTO_memcmp(mac.data(), message.signature.data(), mac.size()) == 0;
}

bool OpensslBaseline::hmac(std::size_t token) {
  const Message& message = state_->messages[token];
  std::array<std::uint8_t, 32> mac;
  unsigned size = 0;
  const auto input = as_bytes(message.signing_input);
  return HMAC_Init_ex(state_->hmac.get(), nullptr, 0, nullptr, nullptr) == 1 &&
         HMAC_Update(state_->hmac.get(), input.data(), input.size()) == 1 &&
         HMAC_Final(state_->hmac.get(), mac.data(), &size) == 1 &&
         CRYPTO_memcmp(mac.data(), message.signature.data(), mac.size()) == 0;
}

}  // namespace rescind::bench
