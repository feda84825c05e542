// All that is held of one user, for whoever has a right to see it.
#include <boost/json/serialize.hpp>
#include <utility>

#include "http/api_state.h"
#include "http/responses.h"
#include "rescind/base64url.h"

namespace rescind {
namespace {

boost::json::value or_null(const std::optional<WallTime>& time) {
  return time ? boost::json::value(to_rfc3339(*time)) : boost::json::value();
}

boost::json::object describe(const UserPasskey& held) {
  const Passkey& passkey = held.passkey;
  return {{"id", base64url_encode(passkey.id)},
          {"name", held.name},
          {"created_at", to_rfc3339(held.created_at)},
          {"last_used_at", or_null(held.last_used_at)},
          {"public_key", base64url_encode(passkey.public_key)},
          {"transports", boost::json::array(passkey.transports.begin(), passkey.transports.end())}};
}

Response export_response(const UserExport& all) {
  boost::json::array passkeys;
  for (const UserPasskey& passkey : all.passkeys) passkeys.push_back(describe(passkey));
  boost::json::array events;
  for (const Event& event : all.events) events.push_back(to_json(event));
  boost::json::value more;
  if (all.events_go_on_after) more = *all.events_go_on_after;
  const boost::json::object others{{"email_verified_at", or_null(all.user.email_verified_at)},
                                   {"passkeys", std::move(passkeys)},
                                   {"events", std::move(events)},
                                   {"events_go_on_after", std::move(more)}};
  const std::string text = boost::json::serialize(others);
  std::vector<JsonObject> sessions = to_json(all.sessions, std::nullopt);
  JsonObject answer;
  answer.add("user", to_admin_json(all.user));
  answer.add("sessions", std::span(sessions));
  answer.add_members(std::string_view(text).substr(1, text.size() - 2));
  return json_response(200, std::move(answer));
}

}  // namespace

Task<Result<Response>> export_user_route(ApiState& api, const Request&, const MachineCaller&, std::string_view parameter) {
  Result<UserId> id = parse_user_id(parameter);
  if (!id) co_return Unexpected(std::move(id).error());
  Result<UserExport> all = co_await api.parts.users.collect(std::move(*id));
  if (!all) co_return Unexpected(std::move(all).error());
  co_return export_response(*all);
}

Task<Result<Response>> export_me_route(ApiState& api, const Request& request, std::string_view) {
  Result<Caller> caller = authenticate_caller(api, request);
  if (!caller) co_return Unexpected(std::move(caller).error());
  Result<UserExport> all = co_await api.parts.users.collect(caller->user());
  if (!all) co_return Unexpected(std::move(all).error());
  // What was done to the account is the user's to know; where an operator sits is not.
  for (Event& event : all->events) {
    if (!std::exchange(event.draft.by, {}).empty()) event.draft.address.clear();
  }
  co_return export_response(*all);
}

}  // namespace rescind
