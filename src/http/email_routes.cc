// /auth/email: whether an account's address is its user's, and another address.
#include <utility>

#include "http/api_state.h"
#include "http/json_body.h"
#include "http/responses.h"

namespace rescind {

Task<Result<Response>> send_verification_route(ApiState& api, const Request& request, std::string_view) {
  Result<Caller> caller = authenticate_change(api, request);
  if (!caller) co_return Unexpected(std::move(caller).error());
  Result<void> sent = co_await api.parts.verification.send(caller->user());
  if (!sent) co_return Unexpected(std::move(sent).error());
  co_return json_response(202, JsonObject());
}

Task<Result<Response>> ask_email_change_route(ApiState& api, const Request& request, std::string_view) {
  Result<Caller> caller = authenticate_change(api, request);
  if (!caller) co_return Unexpected(std::move(caller).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  std::string email = body->take_string("email", kMaxEmailBytes);
  PresentUser by = take_present_user(api, request, *caller, *body);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  Result<void> asked = co_await api.parts.email_change.ask(std::move(by), std::move(email));
  if (!asked) co_return Unexpected(std::move(asked).error());
  co_return json_response(202, JsonObject());
}

Task<Result<Response>> confirm_email_change_route(ApiState& api, const Request& request, std::string_view) {
  Result<void> origin = api.origins.check(request);
  if (!origin) co_return Unexpected(std::move(origin).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  Secret token(body->take_string("token", kMaxEmailChangeTokenBytes));
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  std::string address = api.client_address.of(request);
  Result<void> confirmed = co_await api.parts.email_change.confirm(std::move(token), std::move(address));
  if (!confirmed) co_return Unexpected(std::move(confirmed).error());
  co_return json_response(200, JsonObject());
}

Task<Result<Response>> verify_email_route(ApiState& api, const Request& request, std::string_view) {
  Result<void> origin = api.origins.check(request);
  if (!origin) co_return Unexpected(std::move(origin).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  Secret token(body->take_string("token", kMaxMailTokenBytes));
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  std::string address = api.client_address.of(request);
  Result<void> verified = co_await api.parts.verification.verify(std::move(token), std::move(address));
  if (!verified) co_return Unexpected(std::move(verified).error());
  co_return json_response(200, JsonObject());
}

}  // namespace rescind
