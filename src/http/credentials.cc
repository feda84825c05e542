#include <utility>

#include "http/api_state.h"

namespace rescind {

Result<PresentedToken> find_access_token(const ApiState& api, const Request& request) {
  const Authorization authorization = find_authorization(request);
  switch (authorization.state) {
    case AuthorizationState::kBearer: return PresentedToken{authorization.credentials, TokenSource::kHeader};
    case AuthorizationState::kBasic:
    case AuthorizationState::kUnusable:
      return fail(ErrorCode::kInvalidToken, "the Authorization header must be there once, as \"Bearer <access token>\"");
    case AuthorizationState::kAbsent: break;
  }
  const FoundCookie cookie = find_cookie(request, api.cookies.access_name());
  switch (cookie.state) {
    case FoundCookie::State::kOne: return PresentedToken{cookie.value, TokenSource::kCookie};
    case FoundCookie::State::kAmbiguous: return fail(ErrorCode::kInvalidToken, "the access cookie is there more than once");
    case FoundCookie::State::kAbsent: break;
  }
  return fail(ErrorCode::kMissingToken, "an access token is needed, as \"Authorization: Bearer\" or as cookie");
}

namespace {

// `Check` is TokenCheck or TrustedTokenCheck.
template <class Check>
Result<Caller> authenticate_by(const Check& check, const ApiState& api, const Request& request) {
  Result<PresentedToken> presented = find_access_token(api, request);
  if (!presented) return Unexpected(std::move(presented).error());
  Result<VerifiedToken> token = check.check(presented->text);
  if (!token) return Unexpected(std::move(token).error());
  return Caller{std::move(*token), presented->source};
}

}  // namespace

Result<Caller> authenticate_caller(const ApiState& api, const Request& request) {
  return authenticate_by(api.parts.token_check, api, request);
}

Result<Caller> authenticate_trusted(const ApiState& api, const Request& request) {
  return authenticate_by(api.parts.trusted_check, api, request);
}

Result<Caller> authenticate_change(const ApiState& api, const Request& request) {
  Result<Caller> caller = authenticate_caller(api, request);
  if (caller && caller->source == TokenSource::kCookie) {
    Result<void> origin = api.origins.check(request);
    if (!origin) return Unexpected(std::move(origin).error());
  }
  return caller;
}

void clear_dead_cookie(const ApiState& api, const Request& request, ErrorCode code, Response& response) {
  if (find_field(request, "Authorization").count > 0) return;
  const bool has_access = find_cookie(request, api.cookies.access_name()).state != FoundCookie::State::kAbsent;
  if (code == ErrorCode::kTokenRevoked && has_access) api.cookies.clear_access(response);
}

}  // namespace rescind
