// What is accepted is no longer so with a byte less or a byte more, and its parts lie within it.
#include "webauthn/authenticator_data.h"

#include <cstdlib>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  const auto parsed = parse_authenticator_data({data, size});
  if (!parsed) return 0;
  if (parse_authenticator_data({data, size - 1})) std::abort();
  std::vector<std::uint8_t> longer(data, data + size);
  longer.push_back(0);
  if (parse_authenticator_data(longer)) std::abort();
  if (parsed->credential.has_value() != parsed->has(AuthenticatorFlag::kAttestedCredential)) std::abort();
  if (!parsed->credential) return 0;
  const std::uint8_t* const end = data + size;
  const auto& [aaguid, id, public_key] = *parsed->credential;
  if (id.data() != data + 37 + aaguid.size() + 2 || public_key.data() != id.data() + id.size()) std::abort();
  if (public_key.empty() || public_key.data() + public_key.size() > end) std::abort();
  return 0;
}
