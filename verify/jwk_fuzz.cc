// Any text as a JWK, a JWK Set and a PEM. A key that comes out must refuse signatures that nobody made.
#include <array>
#include <cstdlib>

#include "rescind/key.h"
#include "verify/sha256.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  const std::string_view text = as_text({data, size});
  constexpr std::array<std::uint8_t, 64> kNoSignature{};
  if (const auto key = VerificationKey::from_jwk(text); key) {
    if (key->key_id().empty() || key->key_id().size() > kMaxKeyIdBytes) std::abort();
    // Not for EdDSA: under a public key of small order such a signature is a valid one.
    if (key->algorithm() != Algorithm::kEdDsa && key->verify("text", kNoSignature)) std::abort();
  }
  if (const auto keys = KeySet::from_jwks(text); keys && keys->size() > kMaxKeysInSet) std::abort();
  for (const Algorithm algorithm : {Algorithm::kEs256, Algorithm::kRs256, Algorithm::kEdDsa}) {
    if (const auto key = VerificationKey::from_public_pem(text, algorithm, "k"); key && key->algorithm() != algorithm)
      std::abort();
  }
  return 0;
}
