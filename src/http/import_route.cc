// POST /admin/users: a user from another system.
#include <utility>

#include "domain/password_hash.h"
#include "http/api_state.h"
#include "http/json_body.h"
#include "http/machine_auth.h"
#include "http/responses.h"

namespace rescind {

Task<Result<Response>> import_user_route(ApiState& api, const Request& request, const MachineCaller& caller, std::string_view) {
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  ImportedUser user{
      .email = body->take_string("email", kMaxEmailBytes),
      .name = body->take_optional_string("name", kMaxNameBytes).value_or(std::string()),
      .password_hash = body->take_optional_string("password_hash", kMaxPhcBytes).value_or(std::string()),
      .roles = body->take_optional_strings("roles", {kMaxRoles, kMaxRolesBytes}).value_or(std::vector<std::string>())};
  if (body->take_optional_bool("email_verified").value_or(false)) user.email_state = EmailState::kVerified;
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  Actor actor = actor_of(api, request, caller);
  Result<User> imported = co_await api.parts.user_import.import(std::move(user), std::move(actor));
  if (!imported) co_return Unexpected(std::move(imported).error());
  JsonObject answer;
  answer.add("user", to_admin_json(*imported));
  co_return json_response(201, std::move(answer));
}

}  // namespace rescind
