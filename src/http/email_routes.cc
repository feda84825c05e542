// /auth/email: whether an account's address is its user's.
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
