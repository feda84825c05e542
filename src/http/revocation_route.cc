// POST /admin/revocations: one route, four kinds.
#include <utility>

#include "http/api_state.h"
#include "http/json_body.h"
#include "http/machine_auth.h"
#include "http/responses.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxIdBytes = 1024;

// What the body may say. `barrier` is accepted and changes nothing yet: this server is the only verifier that its feed
// could have, and no revocation of any kind is answered before this server refuses.
struct RevocationRequest {
  RevocationKind kind = RevocationKind::kToken;
  std::optional<std::string> token, jti, sid, sub, client;
  std::optional<std::int64_t> expires_at, before;
};

Result<RevocationRequest> read(const ApiState& api, const Request& request) {
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) return Unexpected(std::move(body).error());
  const std::string kind_name = body->take_string("kind", 16);
  const std::optional<RevocationKind> kind = parse_revocation_kind(kind_name);
  const std::optional<std::string> issuer = body->take_optional_string("issuer", kMaxIdBytes);
  body->take_optional_bool("barrier");
  RevocationRequest read;
  if (kind) {
    read.kind = *kind;
    switch (*kind) {
      case RevocationKind::kToken:
        read.token = body->take_optional_string("token", kMaxTokenBytes);
        read.jti = body->take_optional_string("jti", kMaxIdBytes);
        read.expires_at = body->take_optional_integer("expires_at");
        break;
      case RevocationKind::kSession: read.sid = body->take_string("sid", kMaxIdBytes); break;
      case RevocationKind::kUser: read.sub = body->take_string("sub", kMaxIdBytes); break;
      case RevocationKind::kBefore:
        read.sub = body->take_optional_string("sub", kMaxIdBytes);
        read.client = body->take_optional_string("client", kMaxIdBytes);
        read.before = body->take_optional_integer("before");
        break;
    }
  }
  Result<void> finished = body->finish();
  if (!kind) return fail(ErrorCode::kInvalidRequest, "\"kind\" must be \"token\", \"session\", \"user\" or \"before\"");
  if (!finished) return Unexpected(std::move(finished).error());
  if (issuer && *issuer != api.config.issuer)
    return fail(ErrorCode::kInvalidRequest, "\"issuer\" is not one that is trusted here");
  return read;
}

Task<Result<Revocation>> revoke_token(ApiState& api, RevocationRequest wanted, Actor actor) {
  if (wanted.token.has_value() == wanted.jti.has_value()) {
    co_return fail(ErrorCode::kInvalidRequest, "one of \"token\" and \"jti\" is required");
  }
  if (wanted.token) {
    if (wanted.expires_at)
      co_return fail(ErrorCode::kInvalidRequest, "\"expires_at\" goes with \"jti\"; a token tells its own");
    Result<AuthenticToken> token = api.parts.token_check.identify(*wanted.token);
    if (!token) co_return fail(ErrorCode::kInvalidRequest, "\"token\" is not one of this issuer's access tokens");
    const Claims& claims = token->claims();
    co_return co_await api.parts.revocations.revoke_token(claims.token_id, claims.expires_at, std::move(actor));
  }
  if (wanted.jti->empty()) co_return fail(ErrorCode::kInvalidRequest, "\"jti\" must not be empty");
  if (wanted.expires_at &&
      std::chrono::sys_seconds(std::chrono::seconds(*wanted.expires_at)) <= to_seconds(api.parts.clock.wall_now())) {
    co_return fail(ErrorCode::kInvalidRequest, "\"expires_at\" lies in the past: is it the token's exp, in seconds?");
  }
  // As long as any token can live, whatever the caller says of this one: an expiry that is too early would revive the token.
  co_return co_await api.parts.revocations.revoke_token(std::move(*wanted.jti), std::chrono::sys_seconds::max(),
                                                        std::move(actor));
}

Task<Result<Revocation>> revoke_session(ApiState& api, RevocationRequest wanted, Actor actor) {
  const std::optional<SessionId> session = SessionId::parse(*wanted.sid);
  if (!session) co_return fail(ErrorCode::kInvalidRequest, "\"sid\" is not a session id of this server");
  co_return co_await api.parts.revocations.revoke_any_session(*session, std::move(actor));
}

Task<Result<Revocation>> revoke_user(ApiState& api, RevocationRequest wanted, Actor actor) {
  UserId user{std::move(*wanted.sub)};
  auto outcome = co_await api.parts.revocations.revoke_user(std::move(user), std::nullopt, EndReason::kAdmin, std::move(actor));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  const auto* raised = std::get_if<TokenVersionRaised>(&*outcome);
  if (raised == nullptr) co_return fail(ErrorCode::kNotFound, "no such user");
  co_return raised->revocation;
}

Task<Result<Revocation>> revoke_before(ApiState& api, RevocationRequest wanted, Actor actor) {
  if (!wanted.before) co_return fail(ErrorCode::kInvalidRequest, "\"before\" is required");
  if (wanted.sub && wanted.client) co_return fail(ErrorCode::kInvalidRequest, "\"sub\" and \"client\" exclude each other");
  const std::string& issuer = api.config.issuer;
  const RevocationKey key = wanted.sub      ? before_subject_key(issuer, *wanted.sub)
                            : wanted.client ? before_client_key(issuer, *wanted.client)
                                            : before_issuer_key(issuer);
  const std::chrono::sys_seconds before{std::chrono::seconds(*wanted.before)};
  std::string detail = wanted.sub ? "before, of one user" : wanted.client ? "before, of one client" : "before, of all";
  if (wanted.sub) actor.user = UserId{*wanted.sub};
  co_return co_await api.parts.revocations.revoke_before(key, before, std::move(detail), std::move(actor));
}

}  // namespace

Task<Result<Response>> add_revocation_route(ApiState& api, const Request& request, std::string_view) {
  Result<void> admin = check_admin(api, request);
  if (!admin) co_return Unexpected(std::move(admin).error());
  Result<RevocationRequest> wanted = read(api, request);
  if (!wanted) co_return Unexpected(std::move(wanted).error());
  Actor actor{api.client_address.of(request), std::nullopt};
  using Revoke = Task<Result<Revocation>> (*)(ApiState&, RevocationRequest, Actor);
  Revoke revoke = nullptr;
  switch (wanted->kind) {
    case RevocationKind::kToken: revoke = revoke_token; break;
    case RevocationKind::kSession: revoke = revoke_session; break;
    case RevocationKind::kUser: revoke = revoke_user; break;
    case RevocationKind::kBefore: revoke = revoke_before; break;
  }
  Result<Revocation> added = co_await revoke(api, std::move(*wanted), std::move(actor));
  if (!added) co_return Unexpected(std::move(added).error());
  co_return json_response(201, to_json(*added));
}

}  // namespace rescind
