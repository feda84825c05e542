#include <utility>

#include "http/api_state.h"
#include "http/json_body.h"
#include "http/responses.h"

namespace rescind {

PresentUser take_present_user(const ApiState& api, const Request& request, const Caller& caller, JsonBody& body) {
  PresentUser by{.user = caller.user(),
                 .authenticated_at = caller.token.claims().auth_time.value_or(std::chrono::sys_seconds()),
                 .password = std::nullopt,
                 .address = api.client_address.of(request)};
  if (auto password = body.take_optional_string("password", kMaxPasswordBytes)) by.password = Secret(std::move(*password));
  return by;
}

// Sign-up and log-in set cookies, so that a foreign page must not make a browser send them either.
Task<Result<Response>> sign_up_route(ApiState& api, const Request& request, std::string_view) {
  Result<void> origin = api.origins.check(request);
  if (!origin) co_return Unexpected(std::move(origin).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  SignUp sign_up{.email = body->take_string("email", kMaxEmailBytes),
                 .password = Secret(body->take_string("password", kMaxPasswordBytes)),
                 .name = body->take_optional_string("name", kMaxNameBytes).value_or(std::string()),
                 .device = read_device(api, request, body->take_optional_plain_string("device", kMaxDeviceBytes))};
  Result<Delivery> delivery = take_delivery(*body);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  if (!delivery) co_return Unexpected(std::move(delivery).error());
  Result<SignedUp> signed_up = co_await api.parts.sessions.sign_up(std::move(sign_up));
  if (!signed_up) co_return Unexpected(std::move(signed_up).error());
  co_return co_await deliver_signed_up(api, std::move(*signed_up), *delivery);
}

Task<Result<Response>> log_in_route(ApiState& api, const Request& request, std::string_view) {
  Result<void> origin = api.origins.check(request);
  if (!origin) co_return Unexpected(std::move(origin).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  LogIn log_in{.email = body->take_string("email", kMaxEmailBytes),
               .password = Secret(body->take_string("password", kMaxPasswordBytes)),
               .device = read_device(api, request, body->take_optional_plain_string("device", kMaxDeviceBytes))};
  Result<Delivery> delivery = take_delivery(*body);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  if (!delivery) co_return Unexpected(std::move(delivery).error());
  Result<TokenPair> pair = co_await api.parts.sessions.log_in(std::move(log_in));
  if (!pair) co_return Unexpected(std::move(pair).error());
  co_return deliver_pair(api, 200, *pair, *delivery);
}

Task<Result<Response>> show_me_route(ApiState& api, const Request& request, std::string_view) {
  Result<Caller> caller = authenticate_caller(api, request);
  if (!caller) co_return Unexpected(std::move(caller).error());
  Result<User> user = co_await api.parts.sessions.find_user(caller->user());
  if (!user) co_return Unexpected(std::move(user).error());
  JsonObject session;
  session.add("id", caller->token.claims().session_id);
  JsonObject answer;
  answer.add("user", to_json(*user));
  answer.add("session", std::move(session));
  co_return json_response(200, std::move(answer));
}

Task<Result<Response>> change_me_route(ApiState& api, const Request& request, std::string_view) {
  Result<Caller> caller = authenticate_change(api, request);
  if (!caller) co_return Unexpected(std::move(caller).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  std::string name = body->take_string("name", kMaxNameBytes);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  Actor actor{api.client_address.of(request), caller->user()};
  Result<User> user = co_await api.parts.sessions.rename_user(caller->user(), std::move(name), std::move(actor));
  if (!user) co_return Unexpected(std::move(user).error());
  JsonObject answer;
  answer.add("user", to_json(*user));
  co_return json_response(200, std::move(answer));
}

Task<Result<Response>> delete_me_route(ApiState& api, const Request& request, std::string_view) {
  Result<Caller> caller = authenticate_change(api, request);
  if (!caller) co_return Unexpected(std::move(caller).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kMayBeEmpty);
  if (!body) co_return Unexpected(std::move(body).error());
  PresentUser by = take_present_user(api, request, *caller, *body);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  Result<void> deleted = co_await api.parts.deletion.remove(std::move(by));
  if (!deleted) co_return Unexpected(std::move(deleted).error());
  Response response = json_response(200, {{"user", {{"id", caller->user().text}}}});
  api.cookies.clear_access(response);
  api.cookies.clear_refresh(response);
  co_return response;
}

Task<Result<Response>> list_sessions_route(ApiState& api, const Request& request, std::string_view) {
  Result<Caller> caller = authenticate_caller(api, request);
  if (!caller) co_return Unexpected(std::move(caller).error());
  Result<std::vector<Session>> sessions = co_await api.parts.sessions.list(caller->user());
  if (!sessions) co_return Unexpected(std::move(sessions).error());
  std::vector<JsonObject> list = to_json(*sessions, caller->session());
  JsonObject answer;
  answer.add("sessions", std::span(list));
  co_return json_response(200, std::move(answer));
}

Task<Result<Response>> sign_out_route(ApiState& api, const Request& request, std::string_view parameter) {
  Result<Caller> caller = authenticate_change(api, request);
  if (!caller) co_return Unexpected(std::move(caller).error());
  const std::optional<SessionId> session = SessionId::parse(parameter);
  if (!session) co_return fail(ErrorCode::kNotFound, "no such session");
  Actor actor{api.client_address.of(request), caller->user()};
  Result<void> signed_out = co_await api.parts.sessions.sign_out(caller->user(), *session, std::move(actor));
  if (!signed_out) co_return Unexpected(std::move(signed_out).error());
  Response response = json_response(200, {{"session", {{"id", session->text()}}}});
  if (caller->source == TokenSource::kCookie && caller->session() == session) {
    api.cookies.clear_access(response);
    api.cookies.clear_refresh(response);
  }
  co_return response;
}

Task<Result<Response>> rename_session_route(ApiState& api, const Request& request, std::string_view parameter) {
  Result<Caller> caller = authenticate_change(api, request);
  if (!caller) co_return Unexpected(std::move(caller).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  std::string name = body->take_plain_string("name", kMaxDeviceBytes);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  const std::optional<SessionId> id = SessionId::parse(parameter);
  if (!id) co_return fail(ErrorCode::kNotFound, "no such session");
  Result<Session> session = co_await api.parts.sessions.rename(caller->user(), *id, std::move(name));
  if (!session) co_return Unexpected(std::move(session).error());
  JsonObject answer;
  answer.add("session", to_json(*session, caller->session()));
  co_return json_response(200, std::move(answer));
}

Task<Result<Response>> log_out_all_route(ApiState& api, const Request& request, std::string_view) {
  Result<Caller> caller = authenticate_change(api, request);
  if (!caller) co_return Unexpected(std::move(caller).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kMayBeEmpty);
  if (!body) co_return Unexpected(std::move(body).error());
  const bool keep_current = body->take_optional_bool("keep_current").value_or(false);
  Result<Delivery> delivery = take_delivery(*body);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  if (!delivery) co_return Unexpected(std::move(delivery).error());

  std::optional<SessionId> keep = keep_current ? caller->session() : std::nullopt;
  Actor actor{api.client_address.of(request), caller->user()};
  Result<SignOutEverywhere> done = co_await api.parts.sessions.log_out_all(caller->user(), keep, std::move(actor));
  if (!done) co_return Unexpected(std::move(done).error());
  co_return deliver_signed_out_everywhere(api, *done, *delivery);
}

}  // namespace rescind
