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
  std::string issuer;    // at most kMaxIssuerBytes
  std::string audience;  // at most kMaxIssuerBytes
  std::chrono::seconds ttl{15 * 60};
};

// What keeps every token below kMaxTokenBytes, whatever the key: the sizes below, kMaxUserIdBytes and kMaxCustomClaimsBytes.
inline constexpr std::size_t kMaxIssuerBytes = 255;
inline constexpr std::size_t kMaxClientIdBytes = 255;
inline constexpr std::size_t kMaxRoles = 64;
inline constexpr std::size_t kMaxRolesBytes = 512;  // of all role names together, counting 3 more for each
inline constexpr std::size_t kMaxAmrBytes = 64;     // likewise

// Claims that the server sets itself (iss sub aud iat exp jti sid tv auth_time amr client_id), or whose meaning it must not
// lend to the application (nbf typ cnf act). Custom claims cannot have these names.
bool is_reserved_claim(std::string_view name);

// `json` must be one JSON object of at most kMaxCustomClaimsBytes with no reserved and no duplicate name and a depth that
// leaves room below kMaxJsonDepth. `roles`, where present, is an array of at most kMaxRoles strings and `scope` a string:
// these two the verifier reads. Returns it normalised (no white space), again of at most kMaxCustomClaimsBytes; {} for an empty
// one.
Result<std::string> check_custom_claims(std::string_view json);

// Claims, in this order: iss sub aud iat exp jti sid tv auth_time amr and, where set, client_id, roles and the session's own
// claims. auth_time is the session's created_at. Where the session's claims hold `roles`, they count and not the user's.
//
// Precondition: user.token_version is in 0..2^53; session.claims_json is empty or has passed check_custom_claims(); sizes are
// within the bounds above; sub, client_id and roles are UTF-8 without control characters. Claims that would not pass are left
// out, never signed.
std::string issue_access_token(const User& user, const Session& session, const TokenId& id, const AccessTokenPolicy& policy,
                               const SigningKey& key, WallTime now);

}  // namespace rescind

#endif  // RESCIND_TOKEN_ACCESS_TOKEN_H_
