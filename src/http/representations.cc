#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "http/api_state.h"
#include "http/responses.h"
#include "rescind/base64url.h"

namespace rescind {
namespace {

// Header bytes that are not UTF-8 cannot stand in JSON.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) out.push_back(c >= ' ' && c <= '~' ? c : '?');
  return out;
}

}  // namespace

std::string to_rfc3339(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int{date.year()}, unsigned{date.month()}, unsigned{date.day()},
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

boost::json::object to_json(const User& user) {
  boost::json::object json{
      {"id", user.id.text}, {"email", user.email}, {"name", user.name}, {"created_at", to_rfc3339(user.created_at)}};
  json["roles"] = boost::json::array(user.roles.begin(), user.roles.end());
  return json;
}

boost::json::object to_json(const Session& session, const std::optional<SessionId>& current) {
  return {{"id", session.id.text()},
          {"device", session.device},
          {"browser", session.user_agent},
          {"ip", session.address},
          {"created_at", to_rfc3339(session.created_at)},
          {"last_used_at", to_rfc3339(session.last_used_at)},
          {"expires_at", to_rfc3339(session.expires_at)},
          {"current", current == session.id}};
}

boost::json::object to_json(const Revocation& revocation) {
  return {{"seq", revocation.seq},
          {"kind", to_string(revocation.kind)},
          {"key", base64url_encode(revocation.key.bytes)},
          {"value", revocation.value},
          {"expires", revocation.expires.time_since_epoch().count()}};
}

boost::json::object to_json(const Event& event) {
  const EventDraft& draft = event.draft;
  boost::json::object json{
      {"seq", event.seq}, {"type", to_string(draft.type)}, {"at", to_rfc3339(draft.at)}, {"ip", draft.address}};
  json["user"] = draft.user ? boost::json::value(draft.user->text) : boost::json::value();
  json["session"] = draft.session ? boost::json::value(draft.session->text()) : boost::json::value();
  json["detail"] = draft.detail;
  return json;
}

Device read_device(const ApiState& api, const Request& request, std::optional<std::string> label) {
  return {std::move(label).value_or(std::string()), printable(find_field(request, "User-Agent").value),
          api.client_address.of(request)};
}

std::optional<Delivery> parse_delivery(std::string_view text) {
  if (text == "cookie") return Delivery::kCookie;
  if (text == "body") return Delivery::kBody;
  return std::nullopt;
}

Response deliver_pair(const ApiState& api, unsigned status, const TokenPair& pair, Delivery delivery) {
  boost::json::object body{{"access_token", pair.access_token},
                           {"token_type", "Bearer"},
                           {"expires_in", pair.expires_in.count()},
                           {"user", to_json(pair.user)},
                           {"session", to_json(pair.session, pair.session.id)}};
  if (delivery == Delivery::kBody) body["refresh_token"] = pair.refresh_token.reveal();
  Response response = json_response(status, body);
  if (delivery == Delivery::kCookie) {
    api.cookies.set_access(response, pair.access_token, pair.expires_in);
    api.cookies.set_refresh(response, pair.refresh_token.reveal(), pair.refresh_max_age);
  }
  return response;
}

}  // namespace rescind
