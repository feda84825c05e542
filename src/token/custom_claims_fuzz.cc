#include <cstdint>
#include <cstdlib>
#include <string>

#include "rescind/revocation_index.h"
#include "rescind/verifier.h"
#include "token/access_token.h"
#include "token/test_random.h"

namespace {

using namespace rescind;

// A token with these claims, good or not, is one that the verifier takes and that says what the server wants it to say.
void check_token_with(const std::string& claims_json) {
  static CountingRandom random;
  static const KeyRing ring = *KeyRing::generate(Algorithm::kHs256, random);
  static const RevocationIndex index;
  const AccessTokenPolicy policy{"iss", "aud", std::chrono::seconds(900)};
  User user;
  user.id.text = "user";
  Session session;
  session.claims_json = claims_json;
  const WallTime now{std::chrono::seconds(1'800'000'000)};
  const std::string token = issue_access_token(user, session, TokenId(), policy, ring.signing_key(), now);

  VerifierPolicy expected;
  expected.issuer = policy.issuer;
  expected.audience = policy.audience;
  expected.max_lifetime = policy.ttl;
  const auto verified = verify(token, ring.verification_keys(), index, expected, to_seconds(now));
  if (!verified || verified->claims().subject != "user" || verified->claims().token_version != 1) std::abort();
}

}  // namespace

// What is accepted is within the bound and normalised once for all.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_token_with(text);
  const auto claims = check_custom_claims(text);
  if (!claims) return 0;
  if (claims->size() > text.size() || text.size() > kMaxCustomClaimsBytes) std::abort();
  const auto again = check_custom_claims(*claims);
  if (!again || *again != *claims) std::abort();
  return 0;
}
