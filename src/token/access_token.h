// Issues access tokens: JWS compact, typ at+jwt (RFC 9068).
#ifndef RESCIND_TOKEN_ACCESS_TOKEN_H_
#define RESCIND_TOKEN_ACCESS_TOKEN_H_

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/ids.h"
#include "domain/session.h"
#include "domain/user.h"
#include "token/key_ring.h"

namespace rescind {

struct AccessTokenPolicy {
  std::string issuer;
  std::string audience;
  std::chrono::seconds ttl{15 * 60};
};

// Claims that the server sets itself; custom claims cannot have these names.
bool is_reserved_claim(std::string_view name);

// `json` must be one JSON object of at most kMaxCustomClaimsBytes with no reserved and no duplicate name and a depth that
// leaves room below kMaxJsonDepth. Returns it normalised (no white space).
Result<std::string> check_custom_claims(std::string_view json);

// Claims: iss sub aud iat exp jti sid tv auth_time amr and, where set, roles, client_id and the session's own claims.
// auth_time is the session's created_at. Precondition: session.claims_json is empty or has passed check_custom_claims().
std::string issue_access_token(const User& user, const Session& session, const TokenId& id, const AccessTokenPolicy& policy,
                               const SigningKey& key, WallTime now);

}  // namespace rescind

#endif  // RESCIND_TOKEN_ACCESS_TOKEN_H_
