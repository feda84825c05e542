// /auth/password: what people do with their passwords.
#include <utility>

#include "http/api_state.h"
#include "http/json_body.h"
#include "http/responses.h"

namespace rescind {

Task<Result<Response>> change_password_route(ApiState& api, const Request& request, std::string_view) {
  Result<Caller> caller = authenticate_change(api, request);
  if (!caller) co_return Unexpected(std::move(caller).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  ChangePassword change{.user = caller->user(),
                        .session = caller->session(),
                        .current = Secret(body->take_string("current", kMaxPasswordBytes)),
                        .fresh = Secret(body->take_string("new", kMaxPasswordBytes)),
                        .address = api.client_address.of(request)};
  Result<Delivery> delivery = take_delivery(*body);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  if (!delivery) co_return Unexpected(std::move(delivery).error());
  Result<SignOutEverywhere> done = co_await api.parts.passwords.change(std::move(change));
  if (!done) co_return Unexpected(std::move(done).error());
  co_return deliver_signed_out_everywhere(api, *done, *delivery);
}

// 202 for every address, at the same time, whether it has an account or not.
Task<Result<Response>> forgot_password_route(ApiState& api, const Request& request, std::string_view) {
  Result<void> origin = api.origins.check(request);
  if (!origin) co_return Unexpected(std::move(origin).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  std::string email = body->take_string("email", kMaxEmailBytes);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  std::string address = api.client_address.of(request);
  Result<void> asked = co_await api.parts.passwords.ask_reset(std::move(email), std::move(address));
  if (!asked) co_return Unexpected(std::move(asked).error());
  co_return json_response(202, JsonObject());
}

Task<Result<Response>> reset_password_route(ApiState& api, const Request& request, std::string_view) {
  Result<void> origin = api.origins.check(request);
  if (!origin) co_return Unexpected(std::move(origin).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  Secret token(body->take_string("token", kMaxMailTokenBytes));
  Secret password(body->take_string("password", kMaxPasswordBytes));
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  std::string address = api.client_address.of(request);
  Result<void> reset = co_await api.parts.passwords.reset(std::move(token), std::move(password), std::move(address));
  if (!reset) co_return Unexpected(std::move(reset).error());
  co_return json_response(200, JsonObject());
}

}  // namespace rescind
