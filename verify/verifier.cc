#include "rescind/verifier.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "verify/authentication.h"
#include "verify/claims.h"
#include "verify/sha256.h"
#include "verify/token_factory.h"

namespace rescind {

namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

struct Segments {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signing_input;
};

// Three non-empty segments. A further dot stands in the last one, and no alphabet has it.
std::optional<Segments> split(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == token.npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == token.npos) return std::nullopt;
  const Segments segments{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
                          token.substr(0, second)};
  if (segments.header.empty() || segments.payload.empty() || segments.signature.empty()) return std::nullopt;
  return segments;
}

// Neither wraps where the policy or the clock is absurd.
sys_seconds later(sys_seconds time, seconds by) {
  const std::int64_t start = time.time_since_epoch().count();
  const std::int64_t delta = by.count();
  std::int64_t sum = 0;
  if (__builtin_add_overflow(start, delta, &sum)) {
    sum = delta > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
  }
  return sys_seconds(seconds(sum));
}

std::optional<VerifyError> find_objection(const Claims& claims, const VerifierPolicy& policy) {
  if (claims.issuer != policy.issuer) return VerifyError::kWrongIssuer;
  if (std::ranges::find(claims.audience, policy.audience) == claims.audience.end()) return VerifyError::kWrongAudience;
  const seconds lifetime = claims.expires_at - claims.issued_at;
  if (lifetime <= seconds(0) || lifetime > policy.max_lifetime) return VerifyError::kTooLongLived;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(VerifyError error) {
  switch (error) {
    case VerifyError::kMalformed: return "malformed";
    case VerifyError::kUnsupported: return "unsupported";
    case VerifyError::kWrongType: return "wrong_type";
    case VerifyError::kUnknownKey: return "unknown_key";
    case VerifyError::kWrongKey: return "wrong_key";
    case VerifyError::kBadSignature: return "bad_signature";
    case VerifyError::kWrongIssuer: return "wrong_issuer";
    case VerifyError::kWrongAudience: return "wrong_audience";
    case VerifyError::kTooLongLived: return "too_long_lived";
    case VerifyError::kNotYetValid: return "not_yet_valid";
    case VerifyError::kExpired: return "expired";
    case VerifyError::kRevoked: return "revoked";
  }
  return "";
}

Result<void, VerifyError> decode_token(std::string_view token, DecodedToken& to, KeyIdRule rule) {
  if (token.size() > kMaxTokenBytes) return Unexpected(VerifyError::kMalformed);
  const std::optional<Segments> segments = split(token);
  if (!segments) return Unexpected(VerifyError::kMalformed);
  std::span<std::uint8_t> room = to.bytes;
  const std::span header = room.first(base64url_decoded_size(segments->header.size()));
  room = room.subspan(header.size());
  const std::span payload = room.first(base64url_decoded_size(segments->payload.size()));
  const std::span signature = room.subspan(payload.size()).first(base64url_decoded_size(segments->signature.size()));
  if (!base64url_decode_to(segments->header, header) || !base64url_decode_to(segments->payload, payload) ||
      !base64url_decode_to(segments->signature, signature)) {
    return Unexpected(VerifyError::kMalformed);
  }
  if (const auto good = parse_token_header(as_text(header), rule, to.header); !good) return good;
  to.payload = as_text(payload);
  to.signing_input = segments->signing_input;
  to.signature = signature;
  return {};
}

Result<Authenticated, VerifyError> authenticate_decoded(const DecodedToken& token, const KeySet& keys,
                                                        const VerifierPolicy& policy) {
  const TokenHeader& header = token.header;
  if (!header.type || !is_same_type(*header.type, policy.type)) return Unexpected(VerifyError::kWrongType);
  const VerificationKey* key = keys.find(header.key_id);
  if (key == nullptr) return Unexpected(VerifyError::kUnknownKey);
  // Compared, never used to choose: "none", or HS256 against a public key, has no code to reach (CVE-2015-9235).
  if (header.algorithm != to_string(key->algorithm())) return Unexpected(VerifyError::kWrongKey);
  if (!key->verify(token.signing_input, token.signature)) return Unexpected(VerifyError::kBadSignature);

  std::shared_ptr<const Claims> claims = parse_claims(token.payload);
  if (!claims) return Unexpected(VerifyError::kMalformed);
  if (const std::optional<VerifyError> reason = find_objection(*claims, policy)) return Unexpected(*reason);
  return Authenticated{TokenFactory::authentic(std::move(claims)), key};
}

Result<AuthenticToken, VerifyError> authenticate(std::string_view token, const KeySet& keys, const VerifierPolicy& policy) {
  DecodedToken decoded;
  if (const auto good = decode_token(token, decoded); !good) return Unexpected(good.error());
  auto authenticated = authenticate_decoded(decoded, keys, policy);
  if (!authenticated) return Unexpected(authenticated.error());
  return std::move(authenticated->token);
}

bool is_expired(const AuthenticToken& token, const RevocationView& revocations, const VerifierPolicy& policy, sys_seconds now) {
  return token.expires_at() <= revocations.horizon() || now >= later(token.expires_at(), policy.leeway);
}

Result<VerifiedToken, VerifyError> accept(AuthenticToken token, TokenKeys& keys, const RevocationView& revocations,
                                          const VerifierPolicy& policy, sys_seconds now) {
  // The index before the horizon: purge() raises the horizon before it removes a row, so whoever misses a row here reads a
  // horizon below that the token's exp is not behind.
  const bool is_revoked = revocations.find_match(token.claims(), keys).has_value();
  if (is_expired(token, revocations, policy, now)) return Unexpected(VerifyError::kExpired);
  if (is_revoked) return Unexpected(VerifyError::kRevoked);
  if (token.good_from() > later(now, policy.leeway)) return Unexpected(VerifyError::kNotYetValid);
  return TokenFactory::verified(std::move(token));
}

Result<VerifiedToken, VerifyError> accept(AuthenticToken token, const RevocationView& revocations, const VerifierPolicy& policy,
                                          sys_seconds now) {
  TokenKeys keys;
  return accept(std::move(token), keys, revocations, policy, now);
}

Result<VerifiedToken, VerifyError> verify(std::string_view token, const KeySet& keys, const RevocationView& revocations,
                                          const VerifierPolicy& policy, sys_seconds now) {
  auto authentic = authenticate(token, keys, policy);
  if (!authentic) return Unexpected(authentic.error());
  return accept(std::move(*authentic), revocations, policy, now);
}

}  // namespace rescind
