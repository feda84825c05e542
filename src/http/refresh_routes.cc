// The two routes that a client may call when all that it has left is its refresh token.
#include <utility>

#include "http/api_state.h"
#include "http/json_body.h"
#include "http/responses.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxRefreshTokenBytes = 256;

struct PresentedRefreshToken {
  Secret text;  // empty where there is none
  Delivery came_by = Delivery::kCookie;
};

// The body's token alone where there is one, else the refresh cookie, which needs an allowed origin.
Result<PresentedRefreshToken> find_refresh_token(const ApiState& api, const Request& request,
                                                 std::optional<std::string> in_body) {
  if (in_body) return PresentedRefreshToken{Secret(std::move(*in_body)), Delivery::kBody};
  const FoundCookie cookie = find_cookie(request, api.cookies.refresh_name());
  switch (cookie.state) {
    case FoundCookie::State::kAbsent: return PresentedRefreshToken{};
    case FoundCookie::State::kAmbiguous: return fail(ErrorCode::kInvalidToken, "the refresh cookie is there more than once");
    case FoundCookie::State::kOne: break;
  }
  Result<void> origin = api.origins.check(request);
  if (!origin) return Unexpected(std::move(origin).error());
  return PresentedRefreshToken{Secret(std::string(cookie.value)), Delivery::kCookie};
}

// A session that is over takes its cookies along, where it was a cookie that told of it.
Result<Response> refused_refresh(const ApiState& api, const Error& error, Delivery came_by) {
  const bool is_over = error.code == ErrorCode::kSessionRevoked || error.code == ErrorCode::kSessionExpired ||
                       error.code == ErrorCode::kRefreshReused;
  if (!is_over || came_by != Delivery::kCookie) return Unexpected(error);
  Response response = error_response(error);
  api.cookies.clear_access(response);
  api.cookies.clear_refresh(response);
  return response;
}

}  // namespace

Task<Result<Response>> refresh_route(ApiState& api, const Request& request, std::string_view) {
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kMayBeEmpty);
  if (!body) co_return Unexpected(std::move(body).error());
  std::optional<std::string> in_body = body->take_optional_string("refresh_token", kMaxRefreshTokenBytes);
  const std::optional<std::string> wanted = body->take_optional_string("delivery", 16);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  Result<PresentedRefreshToken> presented = find_refresh_token(api, request, std::move(in_body));
  if (!presented) co_return Unexpected(std::move(presented).error());
  if (presented->text.empty()) co_return fail(ErrorCode::kMissingToken, "a refresh token is needed, as cookie or in the body");
  // Who sent the token in the body has no cookie jar and gets the next one there, unless it says otherwise.
  const std::optional<Delivery> delivery = wanted ? parse_delivery(*wanted) : presented->came_by;
  if (!delivery) co_return fail(ErrorCode::kInvalidRequest, "\"delivery\" must be \"cookie\" or \"body\"");

  std::string address = api.client_address.of(request);
  Result<TokenPair> pair = co_await api.parts.sessions.refresh(std::move(presented->text), std::move(address));
  if (!pair) co_return refused_refresh(api, pair.error(), presented->came_by);
  co_return deliver_pair(api, 200, *pair, *delivery);
}

// Idempotent: a session that is over is what was asked for. Everything that names a session of ours counts, an expired
// access token as well, so that nobody is left signed in because a token ran out first.
Task<Result<Response>> log_out_route(ApiState& api, const Request& request, std::string_view) {
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kMayBeEmpty);
  if (!body) co_return Unexpected(std::move(body).error());
  std::optional<std::string> in_body = body->take_optional_string("refresh_token", kMaxRefreshTokenBytes);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());

  // Also where no credential came along: SameSite keeps them off a foreign page's request, and the answer would clear them.
  const bool is_browsers = find_authorization(request).state == AuthorizationState::kAbsent && !in_body;
  if (is_browsers) {
    Result<void> origin = api.origins.check(request);
    if (!origin) co_return Unexpected(std::move(origin).error());
  }

  std::vector<SessionId> sessions;
  std::optional<UserId> user;
  Result<PresentedToken> access = find_access_token(api, request);
  if (!access && access.error().code != ErrorCode::kMissingToken) co_return Unexpected(std::move(access).error());
  const bool by_header = access && access->source == TokenSource::kHeader;
  if (access) {
    Result<AuthenticToken> token = api.parts.token_check.identify(access->text);
    if (!token && by_header) co_return Unexpected(std::move(token).error());
    if (token) {
      user = UserId{std::string(token->claims().subject)};
      if (std::optional<SessionId> session = SessionId::parse(token->claims().session_id)) sessions.push_back(*session);
    }
  }
  // Where there is an Authorization header no cookie is looked at.
  if (!by_header || in_body) {
    Result<PresentedRefreshToken> refresh = find_refresh_token(api, request, std::move(in_body));
    if (!refresh) co_return Unexpected(std::move(refresh).error());
    if (std::optional<SessionId> session = api.parts.sessions.session_of_refresh_token(refresh->text.reveal())) {
      if (sessions.empty() || sessions.front() != *session) sessions.push_back(*session);
    } else if (refresh->came_by == Delivery::kBody) {
      co_return fail(ErrorCode::kInvalidToken, "not a refresh token of this server");
    }
  }
  for (const SessionId& session : sessions) {
    Actor actor{api.client_address.of(request), user};
    Result<void> done = co_await api.parts.sessions.log_out(session, std::move(actor));
    if (!done) co_return Unexpected(std::move(done).error());
  }
  Response response = json_response(200, JsonObject());
  api.cookies.clear_access(response);
  api.cookies.clear_refresh(response);
  co_return response;
}

}  // namespace rescind
