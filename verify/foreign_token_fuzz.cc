// Any text as a foreign token, its payload and its issuer's key set. What comes out keeps its bounds.
#include <cstdlib>

#include "rescind/foreign_token.h"
#include "verify/claims.h"
#include "verify/foreign_claims.h"
#include "verify/sha256.h"

namespace {

const rescind::ForeignPolicy& policy() {
  static const rescind::ForeignPolicy kPolicy = [] {
    rescind::ForeignPolicy policy;
    policy.issuer = "i";
    policy.roles = {"realm_access", "roles"};
    return policy;
  }();
  return kPolicy;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  const std::string_view text = as_text({data, size});
  if (const auto claims = parse_foreign_claims(std::string(text), policy()); claims) {
    if (claims->issuer.empty() || claims->subject.empty() || claims->token_id.empty() || claims->token_version) std::abort();
    if (claims->subject.size() > kMaxClaimBytes || claims->roles.size() > kMaxClaimEntries) std::abort();
  }
  if (const auto keys = read_foreign_jwks(text, {}); keys && (keys->size() == 0 || keys->size() > kMaxKeysInSet)) std::abort();
  if (const auto key_id = read_key_id(text); key_id && key_id->size() > kMaxKeyIdBytes) std::abort();
  if (authenticate_foreign(text, KeySet(), policy())) std::abort();  // nobody has signed anything
  return 0;
}
