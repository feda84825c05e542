#include <algorithm>

#include "http/api_state.h"
#include "http/form.h"
#include "http/responses.h"

namespace rescind {
namespace {

bool holds_scope(std::string_view scopes, std::string_view wanted) {
  while (!scopes.empty()) {
    const std::size_t space = scopes.find(' ');
    if (scopes.substr(0, space) == wanted) return true;
    scopes = space == std::string_view::npos ? std::string_view() : scopes.substr(space + 1);
  }
  return false;
}

// Each ?role= and each ?scope= must be met. An unknown condition is refused: ignoring a misspelt one would let people in.
Result<void> check_conditions(const Claims& claims, std::string_view query) {
  if (query.empty()) return {};
  const std::optional<FormFields> conditions = parse_form(query);
  if (!conditions) return fail(ErrorCode::kInvalidRequest, "the query cannot be read");
  for (const auto& [name, value] : *conditions) {
    bool is_met = false;
    if (name == "role") {
      is_met = std::find(claims.roles.begin(), claims.roles.end(), value) != claims.roles.end();
    } else if (name == "scope") {
      is_met = !value.empty() && holds_scope(claims.scope, value);
    } else {
      return fail(ErrorCode::kInvalidRequest, "the query may hold \"role\" and \"scope\" only");
    }
    if (!is_met) return fail(ErrorCode::kInsufficientScope, "the token lacks a role or scope that is needed here");
  }
  return {};
}

std::string join_roles(const std::vector<std::string>& roles) {
  std::string text;
  for (const std::string& role : roles) {
    if (!text.empty()) text += ',';
    text += percent_encode(role);
  }
  return text;
}

// Every field is always there, if need be empty, so that a proxy which copies them overwrites what the client sent. Values
// are percent-encoded: a line break or NUL in a name cannot reach the application as one.
Response identity_response(const Claims& claims) {
  std::string scope;
  std::string_view rest = claims.scope;
  while (!rest.empty()) {
    const std::size_t space = rest.find(' ');
    if (!scope.empty()) scope += ' ';
    scope += percent_encode(rest.substr(0, space));
    rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
  }
  return {200,
          {{"Cache-Control", "no-store"},
           {"X-Auth-User", percent_encode(claims.subject)},
           {"X-Auth-Session", percent_encode(claims.session_id)},
           {"X-Auth-Roles", join_roles(claims.roles)},
           {"X-Auth-Scope", std::move(scope)},
           {"X-Auth-Client", percent_encode(claims.client_id)},
           {"X-Auth-Token-Id", percent_encode(claims.token_id)},
           {"X-Auth-Expires", std::to_string(claims.expires_at.time_since_epoch().count())}},
          {}};
}

}  // namespace

Response verify_route(ApiState& api, const Request& request) {
  Result<Caller> caller = authenticate_caller(api, request);
  Result<void> conditions = caller ? check_conditions(caller->token.claims(), request.query) : Result<void>();
  if (caller && conditions) {
    api.verify_accepted.increment();
    return identity_response(caller->token.claims());
  }
  api.verify_refused.increment();
  const Error& error = caller ? conditions.error() : caller.error();
  Response response = error_response(error);
  clear_dead_cookie(api, request, error.code, response);
  return response;
}

}  // namespace rescind
