#include "http/api.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <exception>

#include "http/api_state.h"
#include "http/cors.h"
#include "http/responses.h"

namespace rescind {
namespace {

// Open to everybody, or for the bearer of a user's token, which the route itself looks at; or for machines with a scope.
struct RouteEntry {
  constexpr RouteEntry(std::string_view to, std::string_view at, Route calls) : method(to), path(at), route(calls) {}
  constexpr RouteEntry(std::string_view to, std::string_view at, ApiScope needs, MachineRoute calls)
      : method(to), path(at), machine_route(calls), scope(needs) {}

  std::string_view method;
  std::string_view path;  // exact, but for its {segments}, of which it has two at most
  Route route = nullptr;
  MachineRoute machine_route = nullptr;  // one of the two is null
  std::optional<ApiScope> scope;         // that machine_route needs; absent: `route` is the one
};

constexpr std::array kRoutes = {
    RouteEntry{"POST", "/auth/signup", sign_up_route},
    RouteEntry{"POST", "/auth/login", log_in_route},
    RouteEntry{"POST", "/auth/refresh", refresh_route},
    RouteEntry{"POST", "/auth/logout", log_out_route},
    RouteEntry{"POST", "/auth/logout-all", log_out_all_route},
    RouteEntry{"GET", "/auth/sessions", list_sessions_route},
    RouteEntry{"DELETE", "/auth/sessions/{sid}", sign_out_route},
    RouteEntry{"PATCH", "/auth/sessions/{sid}", rename_session_route},
    RouteEntry{"GET", "/auth/me", show_me_route},
    RouteEntry{"PATCH", "/auth/me", change_me_route},
    RouteEntry{"DELETE", "/auth/me", delete_me_route},
    RouteEntry{"GET", "/auth/me/export", export_me_route},
    RouteEntry{"POST", "/auth/password", change_password_route},
    RouteEntry{"POST", "/auth/password/forgot", forgot_password_route},
    RouteEntry{"POST", "/auth/password/reset", reset_password_route},
    RouteEntry{"POST", "/auth/email", ask_email_change_route},
    RouteEntry{"POST", "/auth/email/confirm", confirm_email_change_route},
    RouteEntry{"POST", "/auth/email/verify", verify_email_route},
    RouteEntry{"POST", "/auth/email/verify/send", send_verification_route},
    RouteEntry{"GET", "/reset-password", reset_page_route},
    RouteEntry{"GET", "/verify-email", verify_page_route},
    RouteEntry{"GET", "/change-email", change_email_page_route},
    RouteEntry{"POST", "/auth/passkeys/register/options", begin_passkey_route},
    RouteEntry{"POST", "/auth/passkeys/register", add_passkey_route},
    RouteEntry{"POST", "/auth/passkeys/login/options", begin_passkey_log_in_route},
    RouteEntry{"POST", "/auth/passkeys/login", passkey_log_in_route},
    RouteEntry{"POST", "/auth/passkeys/signup/options", begin_passkey_sign_up_route},
    RouteEntry{"POST", "/auth/passkeys/signup", passkey_sign_up_route},
    RouteEntry{"GET", "/auth/passkeys", list_passkeys_route},
    RouteEntry{"PATCH", "/auth/passkeys/{id}", rename_passkey_route},
    RouteEntry{"DELETE", "/auth/passkeys/{id}", remove_passkey_route},
    RouteEntry{"POST", "/oauth2/revoke", ApiScope::kTokensRevoke, revoke_route},
    RouteEntry{"POST", "/oauth2/introspect", ApiScope::kTokensIntrospect, introspect_route},
    RouteEntry{"POST", "/admin/sessions", ApiScope::kSessionsWrite, adopt_session_route},
    RouteEntry{"DELETE", "/admin/sessions/{sid}", ApiScope::kSessionsWrite, end_session_route},
    RouteEntry{"POST", "/admin/apikeys", ApiScope::kApiKeysWrite, create_api_key_route},
    RouteEntry{"GET", "/admin/apikeys", ApiScope::kApiKeysRead, list_api_keys_route},
    RouteEntry{"DELETE", "/admin/apikeys/{id}", ApiScope::kApiKeysWrite, revoke_api_key_route},
    RouteEntry{"POST", "/admin/revocations", ApiScope::kRevocationsWrite, add_revocation_route},
    RouteEntry{"GET", "/admin/revocations", ApiScope::kRevocationsRead, list_revocations_route},
    RouteEntry{"POST", "/admin/users", ApiScope::kUsersWrite, import_user_route},
    RouteEntry{"GET", "/admin/sessions", ApiScope::kSessionsRead, list_user_sessions_route},
    RouteEntry{"GET", "/admin/users", ApiScope::kUsersRead, list_users_route},
    RouteEntry{"PATCH", "/admin/users/{id}", ApiScope::kUsersWrite, change_user_route},
    RouteEntry{"DELETE", "/admin/users/{id}", ApiScope::kUsersWrite, delete_user_route},
    RouteEntry{"GET", "/admin/users/{id}/export", ApiScope::kUsersRead, export_user_route},
    RouteEntry{"POST", "/admin/users/{id}/logout", ApiScope::kSessionsWrite, log_out_user_route},
    RouteEntry{"GET", "/admin/users/{id}", ApiScope::kUsersRead, show_user_route},
    RouteEntry{"POST", "/admin/users/{id}/block", ApiScope::kUsersWrite, block_user_route},
    RouteEntry{"POST", "/admin/users/{id}/unblock", ApiScope::kUsersWrite, unblock_user_route},
    RouteEntry{"POST", "/admin/users/{id}/password-reset", ApiScope::kUsersWrite, send_password_reset_route},
    RouteEntry{"GET", "/admin/users/{id}/passkeys", ApiScope::kUsersRead, list_user_passkeys_route},
    RouteEntry{"DELETE", "/admin/users/{id}/passkeys/{pid}", ApiScope::kUsersWrite, remove_user_passkey_route},
    RouteEntry{"GET", "/admin/events", ApiScope::kEventsRead, list_events_route},
    RouteEntry{"GET", "/admin/keys", ApiScope::kKeysWrite, list_keys_route},
    RouteEntry{"POST", "/admin/keys/rotate", ApiScope::kKeysWrite, rotate_keys_route},
    RouteEntry{"DELETE", "/admin/keys", ApiScope::kKeysWrite, remove_all_keys_route},
    RouteEntry{"DELETE", "/admin/keys/{kid}", ApiScope::kKeysWrite, remove_key_route},
    RouteEntry{"GET", "/.well-known/jwks.json", jwks_route},
    RouteEntry{"GET", "/.well-known/oauth-authorization-server", metadata_route},
    RouteEntry{"GET", "/healthz", health_route},
    RouteEntry{"GET", "/readyz", ready_route},
    RouteEntry{"GET", "/metrics", metrics_route},
};

// A route that forgets to say who may call it does not compile.
consteval bool machines_need_a_scope() {
  for (const RouteEntry& entry : kRoutes) {
    const bool is_for_machines = entry.path.starts_with("/admin/") || entry.path.starts_with("/oauth2/");
    if (is_for_machines != entry.scope.has_value()) return false;
  }
  return true;
}
static_assert(machines_need_a_scope());

// The raw path decides: nothing is decoded or normalised, so that no two spellings reach one route.
std::optional<std::string_view> match_path(const RouteEntry& entry, std::string_view path) {
  const std::size_t open = entry.path.find('{');
  if (open == std::string_view::npos) return path == entry.path ? std::optional<std::string_view>("") : std::nullopt;
  const std::string_view before = entry.path.substr(0, open);
  const std::string_view behind = entry.path.substr(entry.path.rfind('}') + 1);
  if (path.size() <= before.size() + behind.size() || !path.starts_with(before) || !path.ends_with(behind)) return std::nullopt;
  const std::string_view parameter = path.substr(before.size(), path.size() - before.size() - behind.size());

  // What is between the two segments, "/passkeys/"; empty where there is one.
  const std::string_view variable = entry.path.substr(open, entry.path.size() - open - behind.size());
  const std::size_t end = variable.find('}') + 1;
  const std::string_view between = variable.substr(end, variable.rfind('{') > end ? variable.rfind('{') - end : 0);
  const std::size_t first = parameter.find('/');
  if (between.empty()) return first == std::string_view::npos ? std::optional(parameter) : std::nullopt;
  if (first == 0 || first == std::string_view::npos || !parameter.substr(first).starts_with(between)) return std::nullopt;
  const std::string_view second = parameter.substr(first + between.size());
  return second.empty() || second.find('/') != std::string_view::npos ? std::nullopt : std::optional(parameter);
}

struct Match {
  const RouteEntry* entry = nullptr;  // in kRoutes
  std::string_view parameter;
  std::string allowed;  // methods of this path, for 405
};

Match find_route(const Request& request) {
  const std::string_view method = request.method == "HEAD" ? "GET" : request.method;
  Match match;
  for (const RouteEntry& entry : kRoutes) {
    const std::optional<std::string_view> parameter = match_path(entry, request.path);
    if (!parameter) continue;
    if (entry.method == method) return {&entry, *parameter, {}};
    match.allowed += (match.allowed.empty() ? "" : ", ") + std::string(entry.method);
  }
  return match;
}

Task<Result<Response>> call(const Match& match, ApiState& api, const Request& request) {
  const RouteEntry& entry = *match.entry;
  if (!entry.scope) co_return co_await entry.route(api, request, match.parameter);
  const Result<MachineCaller> caller = authenticate_machine(api, request, *entry.scope);
  if (!caller) co_return Unexpected(caller.error());
  co_return co_await entry.machine_route(api, request, *caller, match.parameter);
}

Response no_such_route(const Match& match) {
  if (match.allowed.empty()) return error_response({ErrorCode::kNotFound, "there is nothing at this path", std::nullopt});
  Response response = error_response({ErrorCode::kMethodNotAllowed, "this path does not know the method", std::nullopt});
  response.fields.add("Allow", match.allowed);
  return response;
}

std::string make_metadata(const ApiConfig& config) {
  const std::string& base = config.public_url;
  const boost::json::array methods = {"client_secret_basic"};
  return boost::json::serialize(boost::json::object{{"issuer", config.issuer},
                                                    {"jwks_uri", base + "/.well-known/jwks.json"},
                                                    {"response_types_supported", boost::json::array()},
                                                    {"grant_types_supported", boost::json::array()},
                                                    {"revocation_endpoint", base + "/oauth2/revoke"},
                                                    {"revocation_endpoint_auth_methods_supported", methods},
                                                    {"introspection_endpoint", base + "/oauth2/introspect"},
                                                    {"introspection_endpoint_auth_methods_supported", methods}});
}

}  // namespace

Result<std::unique_ptr<Api>> Api::create(ApiConfig config, ApiParts parts) {
  std::vector<std::string> allowed = config.allowed_origins;
  allowed.push_back(config.public_url);
  Result<OriginCheck> origins = OriginCheck::create(std::move(allowed));
  if (!origins) return Unexpected(std::move(origins).error());
  Result<ClientAddress> client_address = ClientAddress::create(config.trusted_proxies);
  if (!client_address) return Unexpected(std::move(client_address).error());

  const CookiePolicy cookies(config.secure_cookies, config.same_site);
  std::string metadata = make_metadata(config);
  auto verified = [&](const char* result) -> Counter& {
    return parts.metrics.counter("rescind_verify_total", "Answers of /verify.", {{"result", result}});
  };
  std::vector<Counter*> errors;
  for (int code = 0; code <= static_cast<int>(kLastErrorCode); ++code) {
    const std::string name(to_string(static_cast<ErrorCode>(code)));
    errors.push_back(&parts.metrics.counter("rescind_errors_total", "Requests that were refused or failed.", {{"code", name}}));
  }
  std::vector<Histogram*> durations;
  for (const RouteEntry& entry : kRoutes) {
    durations.push_back(&parts.metrics.histogram("rescind_request_seconds", "From a request that is read to its answer.",
                                                 {{"method", std::string(entry.method)}, {"route", std::string(entry.path)}}));
  }
  parts.metrics.add_gauge("rescind_revocations_live", "Entries of the revocation index.",
                          [&revocations = parts.revocations] { return static_cast<double>(revocations.live_count()); });
  parts.metrics.add_gauge("rescind_lease_live", "1 while /verify may answer from memory.",
                          [&revocations = parts.revocations] { return revocations.lease_is_live() ? 1.0 : 0.0; });
  return std::unique_ptr<Api>(new Api(std::unique_ptr<State>(
      new State{std::move(config), parts, cookies, std::move(*origins), std::move(*client_address), std::move(metadata),
                verified("accepted"), verified("refused"), std::move(errors), std::move(durations)})));
}

Api::Api(std::unique_ptr<State> state) : state_(std::move(state)) {}
Api::~Api() = default;

bool Api::try_answer(const Request& request, Response& response) {
  if (request.path != "/verify") return false;
  verify_route(*state_, request, response);
  return true;
}

Task<Response> Api::answer(const Request& request) {
  if (std::optional<Response> preflight = answer_preflight(state_->origins, request)) co_return std::move(*preflight);
  const Match match = find_route(request);
  if (match.entry == nullptr) co_return no_such_route(match);
  const SteadyTime begun = state_->parts.clock.steady_now();
  Result<Response> result = co_await call(match, *state_, request);
  state_->request_durations[static_cast<std::size_t>(match.entry - kRoutes.data())]->observe(state_->parts.clock.steady_now() -
                                                                                             begun);
  Response response = result ? std::move(*result) : failure_response(request, result.error());
  if (request.path.starts_with("/auth/")) allow_reading(state_->origins, request, response);
  co_return response;
}

Response Api::failure_response(const Request& request, const Error& error) const {
  state_->errors[static_cast<std::size_t>(error.code)]->increment();
  if (status_of(error.code) == 500) {
    state_->parts.log.error("request failed", {{"path", std::string(request.path)}, {"message", error.message}});
  }
  if (request.path.starts_with("/oauth2/")) return oauth_error_response(error);
  Response response = error_response(error);
  clear_dead_cookie(*state_, request, error.code, response);
  return response;
}

}  // namespace rescind
