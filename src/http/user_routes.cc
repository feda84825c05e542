// /admin/users: what an administrator does with accounts.
#include <utility>

#include "http/api_state.h"
#include "http/form.h"
#include "http/json_body.h"
#include "http/query.h"
#include "http/responses.h"

namespace rescind {
namespace {

// The id after which the next page begins is the last one of this page.
Response page_response(const std::vector<User>& users) {
  std::vector<JsonObject> list;
  for (const User& user : users) list.push_back(to_admin_json(user));
  JsonObject body;
  body.add("users", std::span(list));
  return json_response(200, std::move(body));
}

Response user_response(const User& user) {
  JsonObject body;
  body.add("user", to_admin_json(user));
  return json_response(200, std::move(body));
}

}  // namespace

Result<UserId> parse_user_id(std::string_view segment) {
  std::optional<std::string> text = percent_decode(segment);
  if (!text || text->empty() || text->size() > kMaxUserIdBytes) return fail(ErrorCode::kNotFound, "no such user");
  return UserId{std::move(*text)};
}

JsonObject to_admin_json(const User& user) {
  JsonObject json = to_json(user);
  if (!user.block) {
    json.add_members(R"("block":null)");
    return json;
  }
  JsonObject block;
  block.add("reason", user.block->reason);
  if (user.block->until) {
    block.add("until", to_rfc3339(*user.block->until));
  } else {
    block.add_members(R"("until":null)");
  }
  json.add("block", std::move(block));
  return json;
}

Task<Result<Response>> show_user_route(ApiState& api, const Request&, const MachineCaller&, std::string_view parameter) {
  Result<UserId> id = parse_user_id(parameter);
  if (!id) co_return Unexpected(std::move(id).error());
  Result<User> user = co_await api.parts.sessions.find_user(std::move(*id));
  if (!user) co_return Unexpected(std::move(user).error());
  co_return user_response(*user);
}

Task<Result<Response>> block_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                        std::string_view parameter) {
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kMayBeEmpty);
  if (!body) co_return Unexpected(std::move(body).error());
  Block block{.until = std::nullopt,
              .reason = body->take_optional_string("reason", kMaxBlockReasonBytes).value_or(std::string())};
  if (const auto until = body->take_optional_integer("until")) block.until = WallTime(std::chrono::seconds(*until));
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  Result<UserId> id = parse_user_id(parameter);
  if (!id) co_return Unexpected(std::move(id).error());
  Actor actor = actor_of(api, request, caller);
  Result<User> user = co_await api.parts.sessions.block_user(std::move(*id), std::move(block), std::move(actor));
  if (!user) co_return Unexpected(std::move(user).error());
  co_return user_response(*user);
}

Task<Result<Response>> unblock_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                          std::string_view parameter) {
  Result<UserId> id = parse_user_id(parameter);
  if (!id) co_return Unexpected(std::move(id).error());
  Actor actor = actor_of(api, request, caller);
  Result<User> user = co_await api.parts.sessions.unblock_user(std::move(*id), std::move(actor));
  if (!user) co_return Unexpected(std::move(user).error());
  co_return user_response(*user);
}

Task<Result<Response>> list_users_route(ApiState& api, const Request& request, const MachineCaller&, std::string_view) {
  Result<Query> query = Query::parse(request);
  if (!query) co_return Unexpected(std::move(query).error());
  std::optional<std::string> email = query->take_text("email");
  UserId after{query->take_text("after").value_or(std::string())};
  const std::size_t limit = query->take_limit();
  Result<void> finished = query->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  if (email) {
    Result<std::optional<User>> found = co_await api.parts.users.find_by_email(std::move(*email));
    if (!found) co_return Unexpected(std::move(found).error());
    std::vector<User> users;
    if (*found) users.push_back(std::move(**found));
    co_return page_response(users);
  }
  Result<std::vector<User>> users = co_await api.parts.users.list(std::move(after), limit);
  if (!users) co_return Unexpected(std::move(users).error());
  co_return page_response(*users);
}

Task<Result<Response>> change_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                         std::string_view parameter) {
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  ChangeOfUser wanted{.name = body->take_optional_string("name", kMaxNameBytes),
                      .roles = body->take_optional_strings("roles", {kMaxRoles, kMaxRolesBytes}),
                      .email = body->take_optional_string("email", kMaxEmailBytes)};
  const std::optional<bool> verified = body->take_optional_bool("email_verified");
  if (verified == true) wanted.email_state = EmailState::kVerified;
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  if (verified == false) co_return fail(ErrorCode::kInvalidRequest, "\"email_verified\" can be set to true only");
  Result<UserId> id = parse_user_id(parameter);
  if (!id) co_return Unexpected(std::move(id).error());
  Actor actor = actor_of(api, request, caller);
  Result<User> user = co_await api.parts.users.change(std::move(*id), std::move(wanted), std::move(actor));
  if (!user) co_return Unexpected(std::move(user).error());
  co_return user_response(*user);
}

Task<Result<Response>> log_out_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                          std::string_view parameter) {
  Result<UserId> id = parse_user_id(parameter);
  if (!id) co_return Unexpected(std::move(id).error());
  Actor actor = actor_of(api, request, caller);
  Result<User> user = co_await api.parts.users.sign_out(std::move(*id), std::move(actor));
  if (!user) co_return Unexpected(std::move(user).error());
  co_return user_response(*user);
}

Task<Result<Response>> send_password_reset_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                                 std::string_view parameter) {
  Result<UserId> id = parse_user_id(parameter);
  if (!id) co_return Unexpected(std::move(id).error());
  Actor actor = actor_of(api, request, caller);
  UserId to = *id;
  Result<void> sent = co_await api.parts.passwords.send_reset_to(std::move(*id), std::move(actor));
  if (!sent) co_return Unexpected(std::move(sent).error());
  co_return json_response(202, {{"user", {{"id", to.text}}}});
}

Task<Result<Response>> list_user_passkeys_route(ApiState& api, const Request&, const MachineCaller&,
                                                std::string_view parameter) {
  Result<UserId> id = parse_user_id(parameter);
  if (!id) co_return Unexpected(std::move(id).error());
  Result<std::vector<UserPasskey>> listed = co_await api.parts.users.list_passkeys(std::move(*id));
  if (!listed) co_return Unexpected(std::move(listed).error());
  std::vector<JsonObject> list;
  for (const UserPasskey& passkey : *listed) list.push_back(to_json(passkey));
  JsonObject answer;
  answer.add("passkeys", std::span(list));
  co_return json_response(200, std::move(answer));
}

Task<Result<Response>> remove_user_passkey_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                                 std::string_view parameter) {
  Result<UserId> id = parse_user_id(parameter.substr(0, parameter.find('/')));
  if (!id) co_return Unexpected(std::move(id).error());
  const std::string_view segment = parameter.substr(parameter.rfind('/') + 1);
  Result<PasskeyId> passkey = parse_passkey_id(segment);
  if (!passkey) co_return Unexpected(std::move(passkey).error());
  Actor actor = actor_of(api, request, caller);
  Result<void> removed = co_await api.parts.users.remove_passkey(std::move(*id), std::move(*passkey), std::move(actor));
  if (!removed) co_return Unexpected(std::move(removed).error());
  co_return json_response(200, {{"passkey", {{"id", segment}}}});
}

Task<Result<Response>> delete_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                         std::string_view parameter) {
  Result<UserId> id = parse_user_id(parameter);
  if (!id) co_return Unexpected(std::move(id).error());
  Actor actor = actor_of(api, request, caller);
  UserId gone = *id;
  Result<void> removed = co_await api.parts.users.remove(std::move(*id), std::move(actor));
  if (!removed) co_return Unexpected(std::move(removed).error());
  co_return json_response(200, {{"user", {{"id", gone.text}}}});
}

}  // namespace rescind
