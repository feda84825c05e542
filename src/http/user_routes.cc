// /admin/users: what an administrator does with accounts.
#include <utility>

#include "http/api_state.h"
#include "http/form.h"
#include "http/json_body.h"
#include "http/responses.h"

namespace rescind {
namespace {

// Any text may be a user id of the application's, so it is percent-encoded in the path.
Result<UserId> parse_user_id(std::string_view segment) {
  std::optional<std::string> text = percent_decode(segment);
  if (!text || text->empty() || text->size() > kMaxUserIdBytes) return fail(ErrorCode::kNotFound, "no such user");
  return UserId{std::move(*text)};
}

Response user_response(const User& user) {
  JsonObject body;
  body.add("user", to_admin_json(user));
  return json_response(200, std::move(body));
}

}  // namespace

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

Task<Result<Response>> block_user_route(ApiState& api, const Request& request, const MachineCaller&,
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
  Actor actor{api.client_address.of(request), std::nullopt};
  Result<User> user = co_await api.parts.sessions.block_user(std::move(*id), std::move(block), std::move(actor));
  if (!user) co_return Unexpected(std::move(user).error());
  co_return user_response(*user);
}

Task<Result<Response>> unblock_user_route(ApiState& api, const Request& request, const MachineCaller&,
                                          std::string_view parameter) {
  Result<UserId> id = parse_user_id(parameter);
  if (!id) co_return Unexpected(std::move(id).error());
  Actor actor{api.client_address.of(request), std::nullopt};
  Result<User> user = co_await api.parts.sessions.unblock_user(std::move(*id), std::move(actor));
  if (!user) co_return Unexpected(std::move(user).error());
  co_return user_response(*user);
}

}  // namespace rescind
