// Token revocation (RFC 7009) and introspection (RFC 7662).
#include <boost/json/serialize.hpp>
#include <utility>

#include "http/api_state.h"
#include "http/foreign_revocations.h"
#include "http/form.h"
#include "http/responses.h"

namespace rescind {
namespace {

constexpr std::string_view kRefreshPrefix = "rt1.";

// The `token` parameter. Unknown parameters are ignored and repeated ones refused (RFC 6749 section 3.2); token_type_hint is a
// hint only, and our tokens tell what they are.
Result<std::string> read_token(const Request& request) {
  const FoundField type = find_field(request, "Content-Type");
  const std::string_view media = type.value.substr(0, type.value.find(';'));
  if (type.count != 1 || !equal_without_case(media, "application/x-www-form-urlencoded")) {
    return fail(ErrorCode::kUnsupportedMedia, "Content-Type must be application/x-www-form-urlencoded");
  }
  const std::optional<FormFields> fields = parse_form(request.body);
  if (!fields) return fail(ErrorCode::kInvalidRequest, "the form cannot be read");
  std::optional<std::string> token;
  for (const auto& [name, value] : *fields) {
    if (name != "token") continue;
    if (token) return fail(ErrorCode::kInvalidRequest, "\"token\" is there more than once");
    token = value;
  }
  if (!token || token->empty()) return fail(ErrorCode::kInvalidRequest, "\"token\" is required");
  return std::move(*token);
}

Response no_content() { return {200, {{"Cache-Control", "no-store"}}, {}}; }

boost::json::object describe(const Claims& claims) {
  boost::json::object json{{"active", true},
                           {"token_type", "Bearer"},
                           {"iss", claims.issuer},
                           {"sub", claims.subject},
                           {"jti", claims.token_id},
                           {"iat", claims.issued_at.time_since_epoch().count()},
                           {"exp", claims.expires_at.time_since_epoch().count()}};
  if (!claims.session_id.empty()) json["sid"] = claims.session_id;
  if (claims.audience.size() == 1) {
    json["aud"] = claims.audience.front();
  } else if (!claims.audience.empty()) {
    json["aud"] = boost::json::array(claims.audience.begin(), claims.audience.end());
  }
  if (!claims.scope.empty()) json["scope"] = claims.scope;
  if (!claims.client_id.empty()) json["client_id"] = claims.client_id;
  return json;
}

boost::json::object describe(const RefreshTokenState& state) {
  const Session& session = state.session;
  boost::json::object json{{"active", true},
                           {"token_type", "refresh_token"},
                           {"sub", session.user.text},
                           {"sid", session.id.text()},
                           {"iat", to_seconds(session.generation_at).time_since_epoch().count()},
                           {"exp", to_seconds(session.expires_at).time_since_epoch().count()}};
  if (!session.client_id.empty()) json["client_id"] = session.client_id;
  return json;
}

// A client of ours is nobody to another issuer, even where that issuer has one of the same name.
bool may_see(const ApiState& api, const MachineCaller& caller, const Claims& claims) {
  return claims.issuer == api.config.issuer ? caller.may_see(claims.client_id) : caller.client_id.empty();
}

// Exactly this for whatever is not good or not the caller's to see (RFC 7662 section 2.2).
Response inactive() { return json_response(200, {{"active", false}}); }

}  // namespace

// What is unknown, not the caller's or dead already is answered like what was revoked (RFC 7009 section 2.2).
Task<Result<Response>> revoke_route(ApiState& api, const Request& request, const MachineCaller& caller, std::string_view) {
  Result<std::string> token = read_token(request);
  if (!token) co_return Unexpected(std::move(token).error());
  Actor actor = actor_of(api, request, caller);

  if (token->starts_with(kRefreshPrefix)) {
    Result<std::optional<RefreshTokenState>> state = co_await api.parts.sessions.inspect_refresh_token(Secret(*token));
    if (!state) co_return Unexpected(std::move(state).error());
    if (!*state) {
      // Whose it was is not known any more, but its access tokens may be good yet.
      const std::optional<SessionId> session = api.parts.sessions.session_of_refresh_token(*token);
      if (!session) co_return no_content();
      auto done = co_await api.parts.revocations.revoke_presented_session(*session, EndReason::kRevokedByClient, actor);
      if (!done) co_return Unexpected(std::move(done).error());
      co_return no_content();
    }
    if (!caller.may_see((*state)->session.client_id)) co_return no_content();
    const Session& session = (*state)->session;
    auto done = co_await api.parts.revocations.revoke_session(session.id, session.user, EndReason::kRevokedByClient, actor);
    if (!done) co_return Unexpected(std::move(done).error());
    co_return no_content();
  }

  Result<AuthenticToken> authentic = api.parts.trusted_check.identify(*token);
  // It may be a token that can be revoked: "done" would be a guess.
  if (!authentic && authentic.error().code == ErrorCode::kVerifierStale) co_return Unexpected(std::move(authentic).error());
  if (!authentic || !may_see(api, caller, authentic->claims())) co_return no_content();
  auto done = co_await revoke_presented(api, std::move(*authentic), std::move(actor));
  if (!done) co_return Unexpected(std::move(done).error());
  co_return no_content();
}

Task<Result<Response>> introspect_route(ApiState& api, const Request& request, const MachineCaller& caller, std::string_view) {
  Result<std::string> token = read_token(request);
  if (!token) co_return Unexpected(std::move(token).error());

  if (token->starts_with(kRefreshPrefix)) {
    Result<std::optional<RefreshTokenState>> state = co_await api.parts.sessions.inspect_refresh_token(Secret(*token));
    if (!state) co_return Unexpected(std::move(state).error());
    if (!*state || !(*state)->is_good || !caller.may_see((*state)->session.client_id)) co_return inactive();
    co_return json_response(200, describe(**state));
  }

  Result<VerifiedToken> verified = api.parts.trusted_check.check(*token);
  // "Inactive" would be a guess as much as "active" where revocations may be missing.
  if (!verified && verified.error().code == ErrorCode::kVerifierStale) co_return Unexpected(std::move(verified).error());
  if (!verified || !may_see(api, caller, verified->claims())) co_return inactive();
  co_return json_response(200, describe(verified->claims()));
}

}  // namespace rescind
