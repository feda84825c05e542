// POST /admin/revocations: one route, four kinds.
#include <utility>

#include "http/api_state.h"
#include "http/foreign_revocations.h"
#include "http/json_body.h"
#include "http/responses.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxIdBytes = 1024;

struct ReadRequest {
  RevocationRequest wanted;
  const ForeignIssuer* issuer = nullptr;  // null: our own tokens
};

// Fields that are each right and do not go together.
Result<void> check(const RevocationRequest& wanted, std::chrono::sys_seconds now) {
  const bool is_token = wanted.kind == RevocationKind::kToken;
  if (is_token && wanted.token.has_value() == wanted.jti.has_value()) {
    return fail(ErrorCode::kInvalidRequest, "one of \"token\" and \"jti\" is required");
  }
  if (wanted.token && wanted.expires_at) {
    return fail(ErrorCode::kInvalidRequest, "\"expires_at\" goes with \"jti\"; a token tells its own");
  }
  if (wanted.jti && wanted.jti->empty()) return fail(ErrorCode::kInvalidRequest, "\"jti\" must not be empty");
  if (wanted.expires_at && std::chrono::sys_seconds(std::chrono::seconds(*wanted.expires_at)) <= now) {
    return fail(ErrorCode::kInvalidRequest, "\"expires_at\" lies in the past: is it the token's exp, in seconds?");
  }
  if (wanted.kind == RevocationKind::kBefore && !wanted.before) {
    return fail(ErrorCode::kInvalidRequest, "\"before\" is required");
  }
  if (wanted.sub && wanted.client) return fail(ErrorCode::kInvalidRequest, "\"sub\" and \"client\" exclude each other");
  return {};
}

Result<ReadRequest> read(const ApiState& api, const Request& request) {
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
  Result<void> sound = check(read, to_seconds(api.parts.clock.wall_now()));
  if (!sound) return Unexpected(std::move(sound).error());
  if (!issuer || *issuer == api.config.issuer) return ReadRequest{std::move(read), nullptr};
  const ForeignIssuer* trusted = api.parts.issuers.find(*issuer);
  if (trusted == nullptr) return fail(ErrorCode::kInvalidRequest, "\"issuer\" is not one that is trusted here");
  return ReadRequest{std::move(read), trusted};
}

// A token tells its issuer; where the request names one too, they must agree.
Task<Result<Revocation>> revoke_text(ApiState& api, ReadRequest request, Actor actor) {
  Result<AuthenticToken> token = api.parts.trusted_check.identify(*request.wanted.token);
  if (!token && token.error().code == ErrorCode::kVerifierStale) co_return Unexpected(std::move(token).error());
  const bool is_right = token && (request.issuer == nullptr || request.issuer->policy.issuer == token->claims().issuer);
  if (!is_right) co_return fail(ErrorCode::kInvalidRequest, "\"token\" is not one of this issuer's access tokens");
  co_return co_await revoke_presented(api, std::move(*token), std::move(actor));
}

Task<Result<Revocation>> revoke_token(ApiState& api, RevocationRequest wanted, Actor actor) {
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
  const std::string& issuer = api.config.issuer;
  const RevocationKey key = wanted.sub      ? before_subject_key(issuer, *wanted.sub)
                            : wanted.client ? before_client_key(issuer, *wanted.client)
                                            : before_issuer_key(issuer);
  const std::chrono::sys_seconds before{std::chrono::seconds(*wanted.before)};
  std::string detail = wanted.sub ? "before, of one user" : wanted.client ? "before, of one client" : "before, of all";
  if (wanted.sub) actor.user = UserId{*wanted.sub};
  co_return co_await api.parts.revocations.revoke_before(key, before, std::move(detail), std::move(actor));
}

Task<Result<Revocation>> revoke(ApiState& api, ReadRequest request, Actor actor) {
  if (request.wanted.token) co_return co_await revoke_text(api, std::move(request), std::move(actor));
  if (request.issuer != nullptr) {
    co_return co_await revoke_of_issuer(api, *request.issuer, std::move(request.wanted), std::move(actor));
  }
  using Revoke = Task<Result<Revocation>> (*)(ApiState&, RevocationRequest, Actor);
  Revoke revoke_ours = nullptr;
  switch (request.wanted.kind) {
    case RevocationKind::kToken: revoke_ours = revoke_token; break;
    case RevocationKind::kSession: revoke_ours = revoke_session; break;
    case RevocationKind::kUser: revoke_ours = revoke_user; break;
    case RevocationKind::kBefore: revoke_ours = revoke_before; break;
  }
  co_return co_await revoke_ours(api, std::move(request.wanted), std::move(actor));
}

}  // namespace

Task<Result<Response>> add_revocation_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                            std::string_view) {
  Result<ReadRequest> wanted = read(api, request);
  if (!wanted) co_return Unexpected(std::move(wanted).error());
  Actor actor = actor_of(api, request, caller);
  Result<Revocation> added = co_await revoke(api, std::move(*wanted), std::move(actor));
  if (!added) co_return Unexpected(std::move(added).error());
  co_return json_response(201, to_json(*added));
}

}  // namespace rescind
