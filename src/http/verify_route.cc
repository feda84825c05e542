#include <span>
#include <string_view>

#include "http/api_state.h"
#include "http/form.h"
#include "http/responses.h"
#include "http/verify_conditions.h"

namespace rescind {
namespace {

void append_roles(std::string& text, std::span<const std::string_view> roles) {
  for (const std::string_view& role : roles) {
    if (&role != &roles.front()) text.push_back(',');
    append_percent_encoded(text, role);
  }
}

// Only the spaces stay.
void append_scope(std::string& text, std::string_view scope) {
  for (;;) {
    const std::size_t space = scope.find(' ');
    append_percent_encoded(text, scope.substr(0, space));
    if (space == std::string_view::npos) return;
    text.push_back(' ');
    scope.remove_prefix(space + 1);
  }
}

// Every field is always there, if need be empty, so that a proxy which copies them overwrites what the client sent. Values
// are percent-encoded: a line break or NUL in a name cannot reach the application as one.
void write_identity(const Claims& claims, Response& response) {
  const auto encoded = [](std::string_view value) {
    return [value](std::string& text) { append_percent_encoded(text, value); };
  };
  response.fields.add("Cache-Control", "no-store");
  response.fields.add_by("X-Auth-Issuer", encoded(claims.issuer));
  response.fields.add_by("X-Auth-User", encoded(claims.subject));
  response.fields.add_by("X-Auth-Session", encoded(claims.session_id));
  response.fields.add_by("X-Auth-Roles", [&](std::string& text) { append_roles(text, claims.roles); });
  response.fields.add_by("X-Auth-Scope", [&](std::string& text) { append_scope(text, claims.scope); });
  response.fields.add_by("X-Auth-Client", encoded(claims.client_id));
  response.fields.add_by("X-Auth-Token-Id", encoded(claims.token_id));
  response.fields.add("X-Auth-Expires", std::to_string(claims.expires_at.time_since_epoch().count()));
}

}  // namespace

void verify_route(ApiState& api, const Request& request, Response& response) {
  Result<Caller> caller = authenticate_trusted(api, request);
  Result<void> conditions;
  if (caller && !request.query.empty()) {
    conditions = check_conditions(caller->token.claims(), request.query, to_seconds(api.parts.clock.wall_now()));
  }
  if (caller && conditions) {
    api.verify_accepted.increment();
    write_identity(caller->token.claims(), response);
    return;
  }
  api.verify_refused.increment();
  const Error& error = caller ? conditions.error() : caller.error();
  write_error(error, response);
  clear_dead_cookie(api, request, error.code, response);
}

}  // namespace rescind
