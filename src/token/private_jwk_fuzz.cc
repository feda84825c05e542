#include <cstdint>
#include <cstdlib>
#include <string>

#include "token/signing_key.h"

// A private JWK that is taken signs, verifies and is written back as the same key.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  const auto key = SigningKey::from_private_jwk(Secret(std::string(reinterpret_cast<const char*>(data), size)));
  if (!key) return 0;
  const std::string signature = key->sign("input");
  const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size());
  if (!key->verification_key().verify("input", bytes)) std::abort();
  const auto again = SigningKey::from_private_jwk(key->private_jwk());
  if (!again || again->key_id() != key->key_id() || again->private_jwk().reveal() != key->private_jwk().reveal()) std::abort();
  return 0;
}
