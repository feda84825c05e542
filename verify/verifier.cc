#include "rescind/verifier.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "rescind/base64url.h"
#include "verify/claims.h"
#include "verify/sha256.h"
#include "verify/token_header.h"

namespace rescind {

// The only maker of the two token types.
class TokenFactory {
 public:
  static AuthenticToken authentic(Claims claims) { return AuthenticToken(std::move(claims)); }
  static VerifiedToken verified(AuthenticToken token) { return VerifiedToken(std::move(token.claims_)); }
};

namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

struct Segments {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signing_input;
};

// Exactly three non-empty segments, whatever stands in them.
std::optional<Segments> split(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == token.npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
  const Segments segments{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
                          token.substr(0, second)};
  if (segments.header.empty() || segments.payload.empty() || segments.signature.empty()) return std::nullopt;
  return segments;
}

// The payload's text, its signature checked; nothing has looked into it yet.
Result<std::string, VerifyError> authentic_payload(std::string_view token, const KeySet& keys, const VerifierPolicy& policy) {
  if (token.size() > kMaxTokenBytes) return Unexpected(VerifyError::kMalformed);
  const std::optional<Segments> segments = split(token);
  if (!segments) return Unexpected(VerifyError::kMalformed);
  const auto header_bytes = base64url_decode(segments->header);
  const auto payload_bytes = base64url_decode(segments->payload);
  const auto signature = base64url_decode(segments->signature);
  if (!header_bytes || !payload_bytes || !signature) return Unexpected(VerifyError::kMalformed);

  const auto header = parse_token_header(as_text(*header_bytes));
  if (!header) return Unexpected(header.error());
  if (!header->type || !is_same_type(*header->type, policy.type)) return Unexpected(VerifyError::kWrongType);

  const VerificationKey* key = keys.find(header->key_id);
  if (key == nullptr) return Unexpected(VerifyError::kUnknownKey);
  // Compared, never used to choose: "none", or HS256 against a public key, has no code to reach (CVE-2015-9235).
  if (header->algorithm != to_string(key->algorithm())) return Unexpected(VerifyError::kWrongKey);
  if (!key->verify(segments->signing_input, *signature)) return Unexpected(VerifyError::kBadSignature);
  return std::string(as_text(*payload_bytes));
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

Result<AuthenticToken, VerifyError> authenticate(std::string_view token, const KeySet& keys, const VerifierPolicy& policy) {
  auto payload = authentic_payload(token, keys, policy);
  if (!payload) return Unexpected(payload.error());
  std::optional<Claims> claims = parse_claims(std::move(*payload));
  if (!claims) return Unexpected(VerifyError::kMalformed);
  if (claims->issuer != policy.issuer) return Unexpected(VerifyError::kWrongIssuer);
  if (std::ranges::find(claims->audience, policy.audience) == claims->audience.end()) {
    return Unexpected(VerifyError::kWrongAudience);
  }
  const seconds lifetime = claims->expires_at - claims->issued_at;
  if (lifetime <= seconds(0) || lifetime > policy.max_lifetime) return Unexpected(VerifyError::kTooLongLived);
  return TokenFactory::authentic(std::move(*claims));
}

Result<VerifiedToken, VerifyError> accept(AuthenticToken token, const RevocationView& revocations, const VerifierPolicy& policy,
                                          sys_seconds now) {
  const Claims& claims = token.claims();
  // The index before the horizon: purge() raises the horizon before it removes a row, so whoever misses a row here reads a
  // horizon below that the token's exp is not behind.
  TokenKeys keys;
  const bool is_revoked = revocations.find_match(claims, keys).has_value();
  const bool is_beyond_memory = claims.expires_at <= revocations.horizon();
  if (is_beyond_memory || now >= later(claims.expires_at, policy.leeway)) return Unexpected(VerifyError::kExpired);
  if (is_revoked) return Unexpected(VerifyError::kRevoked);
  const sys_seconds start = std::max(claims.issued_at, claims.not_before.value_or(claims.issued_at));
  if (start > later(now, policy.leeway)) return Unexpected(VerifyError::kNotYetValid);
  return TokenFactory::verified(std::move(token));
}

Result<VerifiedToken, VerifyError> verify(std::string_view token, const KeySet& keys, const RevocationView& revocations,
                                          const VerifierPolicy& policy, sys_seconds now) {
  auto authentic = authenticate(token, keys, policy);
  if (!authentic) return Unexpected(authentic.error());
  return accept(std::move(*authentic), revocations, policy, now);
}

}  // namespace rescind
