#include "http/foreign_revocations.h"

#include <utility>

#include "service/foreign_revocation.h"

namespace rescind {
namespace {

// What to add for the request, or what is wrong with it.
Result<RevocationDraft> draft_for(const ForeignTerms& terms, const RevocationRequest& wanted) {
  const std::string& issuer = terms.issuer.issuer;
  switch (wanted.kind) {
    case RevocationKind::kToken: return foreign_token_revocation(terms, *wanted.jti);
    case RevocationKind::kSession: return foreign_session_revocation(terms, *wanted.sid);
    case RevocationKind::kUser: return foreign_user_revocation(terms, *wanted.sub);
    case RevocationKind::kBefore: break;
  }
  const std::chrono::sys_seconds before{std::chrono::seconds(*wanted.before)};
  if (before > terms.now) return fail(ErrorCode::kInvalidRequest, "\"before\" must not be later than now");
  const RevocationKey key = wanted.sub      ? before_subject_key(issuer, *wanted.sub)
                            : wanted.client ? before_client_key(issuer, *wanted.client)
                                            : before_issuer_key(issuer);
  return foreign_before_revocation(terms.issuer, key, before);
}

std::string detail_of(RevocationKind kind, const ForeignIssuer& issuer) {
  return std::string(to_string(kind)) + ", of issuer " + issuer.name;
}

}  // namespace

Task<Result<Revocation>> revoke_of_issuer(ApiState& api, const ForeignIssuer& issuer, RevocationRequest wanted, Actor actor) {
  const ForeignTerms terms{issuer.policy, to_seconds(api.parts.clock.wall_now()), api.config.leeway};
  Result<RevocationDraft> draft = draft_for(terms, wanted);
  if (!draft) co_return Unexpected(std::move(draft).error());
  std::string detail = detail_of(wanted.kind, issuer);
  co_return co_await api.parts.revocations.revoke_foreign(*draft, std::move(detail), std::move(actor));
}

Task<Result<Revocation>> revoke_presented(ApiState& api, AuthenticToken token, Actor actor) {
  const Claims& claims = token.claims();
  const ForeignIssuer* issuer = api.parts.issuers.find(claims.issuer);
  if (issuer == nullptr) {
    actor.user = UserId{std::string(claims.subject)};
    std::string id(claims.token_id);
    co_return co_await api.parts.revocations.revoke_token(std::move(id), claims.expires_at, std::move(actor));
  }
  const RevocationDraft draft = foreign_token_revocation(issuer->policy, claims.token_id, claims.expires_at);
  std::string detail = detail_of(RevocationKind::kToken, *issuer);
  co_return co_await api.parts.revocations.revoke_foreign(draft, std::move(detail), std::move(actor));
}

}  // namespace rescind
