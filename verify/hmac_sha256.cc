#include "verify/hmac_sha256.h"

// SHA256_CTX can be copied with a memcpy. The interfaces that replace it allocate for that.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

namespace rescind {
namespace {

using Block = std::array<std::uint8_t, SHA256_CBLOCK>;

void begin_with(SHA256_CTX& state, Block key, std::uint8_t pad) {
  for (std::uint8_t& byte : key) byte ^= pad;
  SHA256_Init(&state);
  SHA256_Update(&state, key.data(), key.size());
  OPENSSL_cleanse(key.data(), key.size());
}

}  // namespace

struct HmacSha256::States {
  SHA256_CTX inner;
  SHA256_CTX outer;
};

HmacSha256::HmacSha256(std::span<const std::uint8_t> key) : states_(std::make_unique<States>()) {
  Block block{};
  if (key.size() <= block.size()) {
    std::ranges::copy(key, block.begin());
  } else {
    SHA256(key.data(), key.size(), block.data());
  }
  begin_with(states_->inner, block, 0x36);
  begin_with(states_->outer, block, 0x5c);
  OPENSSL_cleanse(block.data(), block.size());
}

HmacSha256::~HmacSha256() {
  if (states_) OPENSSL_cleanse(states_.get(), sizeof *states_);
}

HmacSha256::HmacSha256(HmacSha256&&) noexcept = default;

std::array<std::uint8_t, 32> HmacSha256::mac_of(std::string_view message) const {
  std::array<std::uint8_t, 32> digest;
  SHA256_CTX state = states_->inner;
  SHA256_Update(&state, message.data(), message.size());
  SHA256_Final(digest.data(), &state);
  state = states_->outer;
  SHA256_Update(&state, digest.data(), digest.size());
  SHA256_Final(digest.data(), &state);
  OPENSSL_cleanse(&state, sizeof state);
  return digest;
}

}  // namespace rescind
