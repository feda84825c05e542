#include "rescind/foreign_token.h"

#include <algorithm>

#include "verify/authentication.h"
#include "verify/foreign_claims.h"
#include "verify/token_factory.h"

namespace rescind {
namespace {

bool is_type_right(const TokenHeader& header, std::string_view wanted) {
  if (!header.type) return is_same_type("JWT", wanted);
  return is_same_type(*header.type, wanted);
}

bool is_meant_for(const Claims& claims, const std::vector<std::string>& audiences) {
  return audiences.empty() || std::ranges::find_first_of(claims.audience, audiences) != claims.audience.end();
}

}  // namespace

Result<std::string, VerifyError> read_key_id(std::string_view token) {
  DecodedToken decoded;
  const Result<void, VerifyError> done = decode_token(token, decoded, KeyIdRule::kOptional);
  if (!done) return Unexpected(done.error());
  return std::string(decoded.header.key_id);
}

Result<AuthenticToken, VerifyError> authenticate_foreign(std::string_view token, const KeySet& keys,
                                                         const ForeignPolicy& policy) {
  DecodedToken decoded;
  const Result<void, VerifyError> done = decode_token(token, decoded, KeyIdRule::kOptional);
  if (!done) return Unexpected(done.error());
  if (!is_type_right(decoded.header, policy.type)) return Unexpected(VerifyError::kWrongType);
  const VerificationKey* key = find_signer(keys, decoded.header.key_id);
  if (key == nullptr) return Unexpected(VerifyError::kUnknownKey);
  // Compared, never used to choose, as for our own tokens.
  if (decoded.header.algorithm != to_string(key->algorithm())) return Unexpected(VerifyError::kWrongKey);
  if (!key->verify(decoded.signing_input, decoded.signature)) return Unexpected(VerifyError::kBadSignature);

  std::shared_ptr<const Claims> claims = parse_foreign_claims(decoded.payload, policy);
  if (!claims) return Unexpected(VerifyError::kMalformed);
  if (claims->issuer != policy.issuer) return Unexpected(VerifyError::kWrongIssuer);
  if (!is_meant_for(*claims, policy.audiences)) return Unexpected(VerifyError::kWrongAudience);
  const std::chrono::seconds lifetime = claims->expires_at - claims->issued_at;
  if (lifetime <= std::chrono::seconds(0) || lifetime > policy.max_lifetime) return Unexpected(VerifyError::kTooLongLived);
  return TokenFactory::authentic(std::move(claims));
}

}  // namespace rescind
