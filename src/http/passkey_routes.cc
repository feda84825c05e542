// /auth/passkeys: the two steps of each ceremony (W3C WebAuthn Level 3 section 7), and the list of a user's passkeys.
#include <utility>

#include "http/api_state.h"
#include "http/json_body.h"
#include "http/responses.h"
#include "rescind/base64url.h"
#include "webauthn/response_json.h"

namespace rescind {
namespace {

Result<Passkeys*> find_passkeys(const ApiState& api) {
  if (api.parts.passkeys != nullptr) return api.parts.passkeys;
  return fail(ErrorCode::kNotFound, "passkeys are off: the public URL has no domain name (see webauthn.rp_id)");
}

// For who is not signed in: sign-up and log-in set cookies, so that a foreign page must not make a browser send them either.
Result<Passkeys*> find_passkeys_for_page(const ApiState& api, const Request& request) {
  Result<void> origin = api.origins.check(request);
  if (!origin) return Unexpected(std::move(origin).error());
  return find_passkeys(api);
}

Unexpected<Error> not_a_credential() {
  return fail(ErrorCode::kInvalidRequest, "\"credential\" is not what PublicKeyCredential.toJSON() gives");
}

struct CallerOfPasskeys {
  Caller caller;
  Passkeys& passkeys;
};

Result<CallerOfPasskeys> authenticate(const ApiState& api, Result<Caller> caller) {
  if (!caller) return Unexpected(std::move(caller).error());
  Result<Passkeys*> passkeys = find_passkeys(api);
  if (!passkeys) return Unexpected(std::move(passkeys).error());
  return CallerOfPasskeys{std::move(*caller), **passkeys};
}

// Never, where the application has vouched for the user.
WallTime authenticated_at(const Caller& caller) { return caller.token.claims().auth_time.value_or(std::chrono::sys_seconds()); }

}  // namespace

Result<PasskeyId> parse_passkey_id(std::string_view segment) {
  std::optional<PasskeyId> id = base64url_decode(segment);
  if (!id) return fail(ErrorCode::kNotFound, "no such passkey");
  return std::move(*id);
}

JsonObject to_json(const UserPasskey& passkey) {
  JsonObject json;
  json.add("id", base64url_encode(passkey.passkey.id));
  json.add("name", passkey.name);
  json.add("created_at", to_rfc3339(passkey.created_at));
  if (passkey.last_used_at) {
    json.add("last_used_at", to_rfc3339(*passkey.last_used_at));
  } else {
    json.add_members(R"("last_used_at":null)");
  }
  json.add_truth("synced", passkey.passkey.backup_state == BackupState::kBackedUp);
  json.add("transports", passkey.passkey.transports);
  return json;
}

Task<Result<Response>> begin_passkey_route(ApiState& api, const Request& request, std::string_view) {
  Result<CallerOfPasskeys> by = authenticate(api, authenticate_change(api, request));
  if (!by) co_return Unexpected(std::move(by).error());
  Result<boost::json::object> options =
      co_await by->passkeys.begin_registration(by->caller.user(), authenticated_at(by->caller));
  if (!options) co_return Unexpected(std::move(options).error());
  co_return json_response(200, *options);
}

Task<Result<Response>> add_passkey_route(ApiState& api, const Request& request, std::string_view) {
  Result<CallerOfPasskeys> by = authenticate(api, authenticate_change(api, request));
  if (!by) co_return Unexpected(std::move(by).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  const std::string credential = body->take_object("credential");
  std::string name = body->take_optional_string("name", kMaxPasskeyNameBytes).value_or("Passkey");
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  auto response = parse_registration_response(credential);
  if (!response) co_return not_a_credential();
  Actor actor{api.client_address.of(request), by->caller.user()};
  PasskeyRegistration registration{std::move(*response), std::move(name), std::move(actor)};
  Result<UserPasskey> added = co_await by->passkeys.finish_registration(std::move(registration));
  if (!added) co_return Unexpected(std::move(added).error());
  JsonObject answer;
  answer.add("passkey", to_json(*added));
  co_return json_response(201, std::move(answer));
}

Task<Result<Response>> begin_passkey_log_in_route(ApiState& api, const Request& request, std::string_view) {
  Result<Passkeys*> passkeys = find_passkeys_for_page(api, request);
  if (!passkeys) co_return Unexpected(std::move(passkeys).error());
  co_return json_response(200, (*passkeys)->begin_log_in());
}

Task<Result<Response>> passkey_log_in_route(ApiState& api, const Request& request, std::string_view) {
  Result<Passkeys*> passkeys = find_passkeys_for_page(api, request);
  if (!passkeys) co_return Unexpected(std::move(passkeys).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  const std::string credential = body->take_object("credential");
  Device device = read_device(api, request, body->take_optional_plain_string("device", kMaxDeviceBytes));
  Result<Delivery> delivery = take_delivery(*body);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  if (!delivery) co_return Unexpected(std::move(delivery).error());
  auto response = parse_authentication_response(credential);
  if (!response) co_return not_a_credential();
  PasskeyLogIn log_in{std::move(*response), std::move(device)};
  Result<TokenPair> pair = co_await (*passkeys)->finish_log_in(std::move(log_in));
  if (!pair) co_return Unexpected(std::move(pair).error());
  co_return deliver_pair(api, 200, *pair, *delivery);
}

Task<Result<Response>> begin_passkey_sign_up_route(ApiState& api, const Request& request, std::string_view) {
  Result<Passkeys*> passkeys = find_passkeys_for_page(api, request);
  if (!passkeys) co_return Unexpected(std::move(passkeys).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  const std::string email = body->take_string("email", kMaxEmailBytes);
  const std::string name = body->take_optional_string("name", kMaxNameBytes).value_or(std::string());
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  Result<boost::json::object> options = (*passkeys)->begin_sign_up(email, name);
  if (!options) co_return Unexpected(std::move(options).error());
  co_return json_response(200, *options);
}

Task<Result<Response>> passkey_sign_up_route(ApiState& api, const Request& request, std::string_view) {
  Result<Passkeys*> passkeys = find_passkeys_for_page(api, request);
  if (!passkeys) co_return Unexpected(std::move(passkeys).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  std::string email = body->take_string("email", kMaxEmailBytes);
  std::string name = body->take_optional_string("name", kMaxNameBytes).value_or(std::string());
  const std::string credential = body->take_object("credential");
  Device device = read_device(api, request, body->take_optional_plain_string("device", kMaxDeviceBytes));
  Result<Delivery> delivery = take_delivery(*body);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  if (!delivery) co_return Unexpected(std::move(delivery).error());
  auto response = parse_registration_response(credential);
  if (!response) co_return not_a_credential();
  PasskeySignUp sign_up{std::move(email), std::move(name), std::move(*response), std::move(device)};
  Result<SignedUp> signed_up = co_await (*passkeys)->finish_sign_up(std::move(sign_up));
  if (!signed_up) co_return Unexpected(std::move(signed_up).error());
  co_return co_await deliver_signed_up(api, std::move(*signed_up), *delivery);
}

Task<Result<Response>> list_passkeys_route(ApiState& api, const Request& request, std::string_view) {
  Result<CallerOfPasskeys> by = authenticate(api, authenticate_caller(api, request));
  if (!by) co_return Unexpected(std::move(by).error());
  Result<std::vector<UserPasskey>> listed = co_await by->passkeys.list(by->caller.user());
  if (!listed) co_return Unexpected(std::move(listed).error());
  std::vector<JsonObject> list;
  for (const UserPasskey& passkey : *listed) list.push_back(to_json(passkey));
  JsonObject answer;
  answer.add("passkeys", std::span(list));
  co_return json_response(200, std::move(answer));
}

Task<Result<Response>> rename_passkey_route(ApiState& api, const Request& request, std::string_view parameter) {
  Result<CallerOfPasskeys> by = authenticate(api, authenticate_change(api, request));
  if (!by) co_return Unexpected(std::move(by).error());
  Result<JsonBody> body = JsonBody::parse(request, JsonBody::Presence::kRequired);
  if (!body) co_return Unexpected(std::move(body).error());
  std::string name = body->take_string("name", kMaxPasskeyNameBytes);
  Result<void> finished = body->finish();
  if (!finished) co_return Unexpected(std::move(finished).error());
  Result<PasskeyId> id = parse_passkey_id(parameter);
  if (!id) co_return Unexpected(std::move(id).error());
  Result<void> renamed = co_await by->passkeys.rename(by->caller.user(), std::move(*id), std::move(name));
  if (!renamed) co_return Unexpected(std::move(renamed).error());
  co_return json_response(200, JsonObject());
}

Task<Result<Response>> remove_passkey_route(ApiState& api, const Request& request, std::string_view parameter) {
  Result<CallerOfPasskeys> by = authenticate(api, authenticate_change(api, request));
  if (!by) co_return Unexpected(std::move(by).error());
  Result<PasskeyId> id = parse_passkey_id(parameter);
  if (!id) co_return Unexpected(std::move(id).error());
  Actor actor{api.client_address.of(request), by->caller.user()};
  Result<void> removed =
      co_await by->passkeys.remove_own(by->caller.user(), authenticated_at(by->caller), std::move(*id), std::move(actor));
  if (!removed) co_return Unexpected(std::move(removed).error());
  co_return json_response(200, JsonObject());
}

}  // namespace rescind
