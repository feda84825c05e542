// authenticate() in its two halves: what a token's text says, and whether one issuer's keys and policy stand behind it.
#ifndef RESCIND_VERIFY_AUTHENTICATION_H_
#define RESCIND_VERIFY_AUTHENTICATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "rescind/base64url.h"
#include "rescind/verifier.h"
#include "verify/token_header.h"

namespace rescind {

// Made in place: it holds room for the longest signature that a token has.
struct DecodedToken {
  TokenHeader header;
  std::string payload;             // nothing has looked into it yet
  std::string_view signing_input;  // of the token's text
  std::span<const std::uint8_t> signature() const { return std::span(bytes).first(signature_size); }

  std::size_t signature_size = 0;
  std::array<std::uint8_t, base64url_decoded_size(kMaxTokenBytes)> bytes;
};

// Size, three canonical segments, header.
Result<void, VerifyError> decode_token(std::string_view token, DecodedToken& to, KeyIdRule rule = KeyIdRule::kRequired);

struct Authenticated {
  AuthenticToken token;
  const VerificationKey* key;  // of the key set
};

// Type, key, signature, then claims. Where it succeeds, the payload has moved into the claims.
Result<Authenticated, VerifyError> authenticate_decoded(DecodedToken& token, const KeySet& keys, const VerifierPolicy& policy);

// now >= exp + leeway, or the verifier may have forgotten revocations of such tokens.
bool is_expired(const Claims& claims, const RevocationView& revocations, const VerifierPolicy& policy,
                std::chrono::sys_seconds now);

}  // namespace rescind

#endif  // RESCIND_VERIFY_AUTHENTICATION_H_
