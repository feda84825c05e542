// authenticate() in its two halves: what a token's text says, and whether one issuer's keys and policy stand behind it.
#ifndef RESCIND_VERIFY_AUTHENTICATION_H_
#define RESCIND_VERIFY_AUTHENTICATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "rescind/base64url.h"
#include "rescind/verifier.h"
#include "verify/token_header.h"

namespace rescind {

// Made in place: it holds the bytes of the three segments, and what is said of them views these.
struct DecodedToken {
  DecodedToken() = default;
  DecodedToken(const DecodedToken&) = delete;
  DecodedToken& operator=(const DecodedToken&) = delete;

  TokenHeader header;
  std::string_view payload;        // nothing has looked into it yet
  std::string_view signing_input;  // of the token's text
  std::span<const std::uint8_t> signature;

  std::array<std::uint8_t, base64url_decoded_size(kMaxTokenBytes)> bytes;
};

// Size, three canonical segments, header.
Result<void, VerifyError> decode_token(std::string_view token, DecodedToken& to, KeyIdRule rule = KeyIdRule::kRequired);

struct Authenticated {
  AuthenticToken token;
  const VerificationKey* key;  // of the key set
};

// Type, key, signature, then claims.
Result<Authenticated, VerifyError> authenticate_decoded(const DecodedToken& token, const KeySet& keys,
                                                        const VerifierPolicy& policy);

// now >= exp + leeway, or the verifier may have forgotten revocations of such tokens.
bool is_expired(const AuthenticToken& token, const RevocationView& revocations, const VerifierPolicy& policy,
                std::chrono::sys_seconds now);

}  // namespace rescind

#endif  // RESCIND_VERIFY_AUTHENTICATION_H_
