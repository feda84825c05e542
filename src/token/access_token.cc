#include "token/access_token.h"

#include "base/json_object.h"
#include "rescind/base64url.h"
#include "token/custom_claims.h"

namespace rescind {
namespace {

constexpr std::size_t kUsualSignatureChars = 86;  // of 64 bytes: ES256 and EdDSA

std::string encode(std::string_view text) {
  return base64url_encode({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string header_of(const SigningKey& key) {
  JsonObject header;
  header.add("alg", to_string(key.algorithm()));
  header.add("typ", "at+jwt");
  header.add("kid", key.key_id());
  return std::move(header).finish();
}

// Parsed again for each token, so that a row that was altered in the store cannot speak for the server.
CustomClaims own_claims_of(const Session& session) {
  if (session.claims_json.empty()) return {};
  auto claims = parse_custom_claims(session.claims_json);
  return claims ? std::move(*claims) : CustomClaims();
}

std::string payload_of(const User& user, const Session& session, const TokenId& id, const AccessTokenPolicy& policy,
                       WallTime now) {
  const std::int64_t issued_at = to_seconds(now).time_since_epoch().count();
  const CustomClaims own_claims = own_claims_of(session);
  JsonObject payload;
  payload.add("iss", policy.issuer);
  payload.add("sub", user.id.text);
  payload.add("aud", policy.audience);
  payload.add("iat", issued_at);
  payload.add("exp", issued_at + policy.ttl.count());
  payload.add("jti", id.text());
  payload.add("sid", session.id.text());
  payload.add("tv", user.token_version);
  payload.add("auth_time", to_seconds(session.created_at).time_since_epoch().count());
  payload.add("amr", session.amr);
  if (!session.client_id.empty()) payload.add("client_id", session.client_id);
  if (!user.roles.empty() && !own_claims.has_roles) payload.add("roles", user.roles);
  payload.add_members(own_claims.members);
  return std::move(payload).finish();
}

}  // namespace

std::string issue_access_token(const User& user, const Session& session, const TokenId& id, const AccessTokenPolicy& policy,
                               const SigningKey& key, WallTime now) {
  const std::string header = encode(header_of(key));
  const std::string payload = encode(payload_of(user, session, id, policy, now));
  std::string token;
  token.reserve(header.size() + payload.size() + kUsualSignatureChars + 2);
  token.append(header).append(".").append(payload);
  const std::string signature = key.sign(token);
  token.append(".").append(encode(signature));
  return token;
}

}  // namespace rescind
