// Revoking what trusted issuers made, for POST /admin/revocations and /oauth2/revoke.
#ifndef RESCIND_HTTP_FOREIGN_REVOCATIONS_H_
#define RESCIND_HTTP_FOREIGN_REVOCATIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "http/api_state.h"
#include "issuers/trusted_issuers.h"

namespace rescind {

// What the body of POST /admin/revocations may say. `barrier` is accepted and changes nothing yet: this server is the only
// verifier that its feed could have, and no revocation of any kind is answered before this server refuses.
struct RevocationRequest {
  RevocationKind kind = RevocationKind::kToken;
  std::optional<std::string> token, jti, sid, sub, client;
  std::optional<std::int64_t> expires_at, before;
};

// By "jti", "sid", "sub" or "client" of tokens that `issuer` made.
Task<Result<Revocation>> revoke_of_issuer(ApiState& api, const ForeignIssuer& issuer, RevocationRequest wanted, Actor actor);

// A token that was presented, whether it is ours or a trusted issuer's.
Task<Result<Revocation>> revoke_presented(ApiState& api, AuthenticToken token, Actor actor);

}  // namespace rescind

#endif  // RESCIND_HTTP_FOREIGN_REVOCATIONS_H_
