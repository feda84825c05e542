#include <utility>

#include "http/api_state.h"
#include "http/json_body.h"
#include "http/query.h"
#include "http/responses.h"
#include "token/access_token.h"

namespace rescind {
Task<Result<Response>> adopt_session_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                           std::string_view) {
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  AdoptSession adopt{
      .user = UserId{body->take_plain_string("user", kMaxUserIdBytes)},
      .client_id = body->take_optional_plain_string("client", kMaxClientIdBytes).value_or(std::string()),
      .claims_json = body->take_optional_object("claims").value_or(std::string()),
      .device = read_device(api, request, body->take_optional_plain_string("device", kMaxDeviceBytes)),
      .by = caller.name,
      .amr = body->take_optional_strings("amr", {kMaxAmrBytes, kMaxAmrBytes}).value_or(std::vector<std::string>())};
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  Result<TokenPair> pair = co_await api.parts.sessions.adopt(std::move(adopt));
  if (!pair) co_return Unexpected(std::move(pair).error());
  co_return deliver_pair(api, 201, *pair, Delivery::kBody);
}

Task<Result<Response>> end_session_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                         std::string_view parameter) {
  const std::optional<SessionId> session = SessionId::parse(parameter);
  if (!session) co_return fail(ErrorCode::kNotFound, "no such session");
  Actor actor = actor_of(api, request, caller);
  auto ended = co_await api.parts.revocations.revoke_session(*session, std::nullopt, EndReason::kAdmin, std::move(actor));
  if (!ended) co_return Unexpected(std::move(ended).error());
  if (!*ended) co_return fail(ErrorCode::kNotFound, "no such session, or it has ended already");
  co_return json_response(200, {{"session", {{"id", session->text()}}}});
}

Task<Result<Response>> list_revocations_route(ApiState& api, const Request& request, const MachineCaller&, std::string_view) {
  Result<Query> query = Query::parse(request);
  if (!query) co_return Unexpected(std::move(query).error());
  const std::uint64_t since = query->take_number("since").value_or(0);
  const std::size_t limit = query->take_limit();
  Result<void> finished = query->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  Result<std::vector<Revocation>> found = co_await api.parts.store.list_revocations(since, limit);
  if (!found) co_return Unexpected(std::move(found).error());
  boost::json::array list;
  for (const Revocation& revocation : *found) list.push_back(to_json(revocation));
  co_return json_response(200, {{"revocations", std::move(list)}, {"head", api.parts.revocations.index().head()}});
}

Task<Result<Response>> list_user_sessions_route(ApiState& api, const Request& request, const MachineCaller&, std::string_view) {
  Result<Query> query = Query::parse(request);
  if (!query) co_return Unexpected(std::move(query).error());
  std::optional<std::string> user = query->take_text("user");
  Result<void> finished = query->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  if (!user) co_return fail(ErrorCode::kInvalidRequest, "\"user\" is required");
  UserId id{std::move(*user)};
  Result<std::vector<Session>> sessions = co_await api.parts.sessions.list(std::move(id));
  if (!sessions) co_return Unexpected(std::move(sessions).error());
  std::vector<JsonObject> list = to_json(*sessions, std::nullopt);
  JsonObject answer;
  answer.add("sessions", std::span(list));
  co_return json_response(200, std::move(answer));
}

}  // namespace rescind
