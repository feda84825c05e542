#include "domain/device_label.h"
#include "http/api_state.h"
#include "http/json_body.h"
#include "http/responses.h"
#include "rescind/base64url.h"

namespace rescind {
namespace {

constexpr std::size_t kUsualPairBytes = 2048;
constexpr std::size_t kUsualFieldBytes = 512;  // beside the access token

// Header bytes that are not UTF-8 cannot stand in JSON.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) out.push_back(c >= ' ' && c <= '~' ? c : '?');
  return out;
}

}  // namespace

JsonObject to_json(const User& user) {
  JsonObject json;
  json.add("id", user.id.text);
  json.add("email", user.email);
  json.add("name", user.name);
  json.add("created_at", to_rfc3339(user.created_at));
  json.add_truth("email_verified", user.email_verified_at.has_value());
  json.add("roles", user.roles);
  return json;
}

JsonObject to_json(const Session& session, const std::optional<SessionId>& current) {
  JsonObject json;
  json.add("id", session.id.text());
  json.add("device", session.device);
  json.add("browser", session.user_agent);
  json.add("ip", session.address);
  json.add("created_at", to_rfc3339(session.created_at));
  json.add("last_used_at", to_rfc3339(session.last_used_at));
  json.add("expires_at", to_rfc3339(session.expires_at));
  json.add_truth("current", current == session.id);
  return json;
}

std::vector<JsonObject> to_json(const std::vector<Session>& sessions, const std::optional<SessionId>& current) {
  std::vector<JsonObject> list;
  for (const Session& session : sessions) list.push_back(to_json(session, current));
  return list;
}

boost::json::object to_json(const Revocation& revocation) {
  return {{"seq", revocation.seq},
          {"kind", to_string(revocation.kind)},
          {"key", base64url_encode(revocation.key.bytes)},
          {"value", revocation.value},
          {"expires", revocation.expires.time_since_epoch().count()}};
}

Device read_device(const ApiState& api, const Request& request, std::optional<std::string> label) {
  const std::string_view agent = find_field(request, "User-Agent").value;
  if (!label || label->empty()) {
    label = device_label({agent, find_field(request, "Sec-CH-UA").value, find_field(request, "Sec-CH-UA-Platform").value});
  }
  return {std::move(*label), printable(agent), api.client_address.of(request)};
}

std::optional<Delivery> parse_delivery(std::string_view text) {
  if (text == "cookie") return Delivery::kCookie;
  if (text == "body") return Delivery::kBody;
  return std::nullopt;
}

Result<Delivery> take_delivery(JsonBody& body) {
  const std::optional<std::string> text = body.take_optional_string("delivery", 16);
  if (!text) return Delivery::kCookie;
  const std::optional<Delivery> delivery = parse_delivery(*text);
  if (!delivery) return fail(ErrorCode::kInvalidRequest, "\"delivery\" must be \"cookie\" or \"body\"");
  return *delivery;
}

Response deliver_signed_out_everywhere(const ApiState& api, const SignOutEverywhere& done, Delivery delivery) {
  if (done.pair) return deliver_pair(api, 200, *done.pair, delivery);
  Response response = json_response(200, JsonObject());
  api.cookies.clear_access(response);
  api.cookies.clear_refresh(response);
  return response;
}

Task<Response> deliver_signed_up(ApiState& api, SignedUp signed_up, Delivery delivery) {
  UserId id = signed_up.user.id;
  co_await api.parts.verification.greet(std::move(id));
  if (signed_up.pair) co_return deliver_pair(api, 201, *signed_up.pair, delivery);
  JsonObject answer;
  answer.add("user", to_json(signed_up.user));
  co_return json_response(202, std::move(answer));
}

Response deliver_pair(const ApiState& api, unsigned status, const TokenPair& pair, Delivery delivery) {
  JsonObject body(kUsualPairBytes);
  body.add("access_token", pair.access_token);
  body.add("token_type", "Bearer");
  body.add("expires_in", pair.expires_in.count());
  body.add("user", to_json(pair.user));
  body.add("session", to_json(pair.session, pair.session.id));
  if (delivery == Delivery::kBody) body.add("refresh_token", pair.refresh_token.reveal());
  Response response = json_response(status, std::move(body));
  if (delivery == Delivery::kCookie) {
    response.fields.reserve(pair.access_token.size() + kUsualFieldBytes);
    api.cookies.set_access(response, pair.access_token, pair.expires_in);
    api.cookies.set_refresh(response, pair.refresh_token.reveal(), pair.refresh_max_age);
  }
  return response;
}

}  // namespace rescind
