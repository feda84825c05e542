// What every route sees, and the vocabulary they share. Internal to src/http.
#ifndef RESCIND_HTTP_API_STATE_H_
#define RESCIND_HTTP_API_STATE_H_

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/json_object.h"
#include "base/rfc3339.h"
#include "domain/event_json.h"
#include "http/api.h"
#include "http/client_address.h"
#include "http/cookies.h"
#include "http/fields.h"
#include "http/json_body.h"
#include "http/machine_auth.h"
#include "http/message.h"
#include "http/origin_check.h"

namespace rescind {

struct Api::State {
  ApiConfig config;
  ApiParts parts;
  CookiePolicy cookies;
  OriginCheck origins;
  ClientAddress client_address;
  std::string metadata_json;
  Counter& verify_accepted;
  Counter& verify_refused;
  std::vector<Counter*> errors;               // by ErrorCode
  std::vector<Histogram*> request_durations;  // in the order of the routes
};

using ApiState = Api::State;

// `parameter` is the variable segment of the path where the route has one; where it has two, both and what is between them.
using Route = Task<Result<Response>> (*)(ApiState& api, const Request& request, std::string_view parameter);
// A route of /admin or /oauth2. Its caller has been authenticated, and has the scope that the table of routes names.
using MachineRoute = Task<Result<Response>> (*)(ApiState& api, const Request& request, const MachineCaller& caller,
                                                std::string_view parameter);

// --- where access tokens come from ---
enum class TokenSource : std::uint8_t { kHeader, kCookie };
struct PresentedToken {
  std::string_view text;
  TokenSource source = TokenSource::kHeader;
};
// The Authorization header alone where there is one, else the access cookie. kMissingToken, or kInvalidToken where what is
// there cannot be one credential.
Result<PresentedToken> find_access_token(const ApiState& api, const Request& request);

// The caller of a route that needs a good access token.
struct Caller {
  VerifiedToken token;
  TokenSource source = TokenSource::kHeader;
  UserId user() const { return UserId{std::string(token.claims().subject)}; }
  std::optional<SessionId> session() const { return SessionId::parse(token.claims().session_id); }
};
Result<Caller> authenticate_caller(const ApiState& api, const Request& request);
// The same where a token of a trusted issuer is as good as ours. Its user is none of ours.
Result<Caller> authenticate_trusted(const ApiState& api, const Request& request);
// As authenticate_caller(), for a route that changes something: by cookie only from an allowed origin.
Result<Caller> authenticate_change(const ApiState& api, const Request& request);

// Who asks for what a stolen token alone must not do: the "password" of the body, and since when the caller is signed in.
PresentUser take_present_user(const ApiState& api, const Request& request, const Caller& caller, JsonBody& body);

// A revoked access token that came by cookie is cleared in the same answer; one that has merely expired is not.
void clear_dead_cookie(const ApiState& api, const Request& request, ErrorCode code, Response& response);

inline constexpr std::size_t kMaxEmailBytes = 254;
inline constexpr std::size_t kMaxNameBytes = 200;
inline constexpr std::size_t kMaxPasswordBytes = 1024;
inline constexpr std::size_t kMaxMailTokenBytes = 128;
inline constexpr std::size_t kMaxEmailChangeTokenBytes = 512;  // it holds an address

// --- delivery ---
enum class Delivery : std::uint8_t { kCookie, kBody };
// Absent where `text` is neither "cookie" nor "body".
std::optional<Delivery> parse_delivery(std::string_view text);
class JsonBody;
// The "delivery" of a body; by cookie where it says nothing.
Result<Delivery> take_delivery(JsonBody& body);
Response deliver_pair(const ApiState& api, unsigned status, const TokenPair& pair, Delivery delivery);
// And a mail is on its way to the new user. 202 and no session where that one has to be answered first.
Task<Response> deliver_signed_up(ApiState& api, SignedUp signed_up, Delivery delivery);
// The pair of the session that was kept; where none was, the caller's cookies are cleared.
Response deliver_signed_out_everywhere(const ApiState& api, const SignOutEverywhere& done, Delivery delivery);

// --- representations ---
JsonObject to_json(const User& user);
JsonObject to_admin_json(const User& user);  // with its block
JsonObject to_json(const UserPasskey& passkey);
JsonObject to_json(const Session& session, const std::optional<SessionId>& current);
std::vector<JsonObject> to_json(const std::vector<Session>& sessions, const std::optional<SessionId>& current);
boost::json::object to_json(const Revocation& revocation);

// Any text may be a user id of the application's, so it is percent-encoded in the path. kNotFound.
Result<UserId> parse_user_id(std::string_view segment);
Result<PasskeyId> parse_passkey_id(std::string_view segment);  // kNotFound

// The device as the request tells it; `label` is the client's own.
Device read_device(const ApiState& api, const Request& request, std::optional<std::string> label);

// --- routes ---
void verify_route(ApiState& api, const Request& request, Response& response);

Task<Result<Response>> sign_up_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> log_in_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> refresh_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> log_out_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> log_out_all_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> list_sessions_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> sign_out_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> rename_session_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> show_me_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> change_me_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> delete_me_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> export_me_route(ApiState& api, const Request& request, std::string_view parameter);

Task<Result<Response>> change_password_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> forgot_password_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> reset_password_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> send_verification_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> verify_email_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> reset_page_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> verify_page_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> ask_email_change_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> confirm_email_change_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> change_email_page_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> begin_passkey_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> add_passkey_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> begin_passkey_log_in_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> passkey_log_in_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> begin_passkey_sign_up_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> passkey_sign_up_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> list_passkeys_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> rename_passkey_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> remove_passkey_route(ApiState& api, const Request& request, std::string_view parameter);

Task<Result<Response>> revoke_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                    std::string_view parameter);
Task<Result<Response>> introspect_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                        std::string_view parameter);

Task<Result<Response>> adopt_session_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                           std::string_view parameter);
Task<Result<Response>> end_session_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                         std::string_view parameter);
Task<Result<Response>> add_revocation_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                            std::string_view parameter);
Task<Result<Response>> list_revocations_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                              std::string_view parameter);
Task<Result<Response>> import_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                         std::string_view parameter);
Task<Result<Response>> show_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                       std::string_view parameter);
Task<Result<Response>> block_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                        std::string_view parameter);
Task<Result<Response>> unblock_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                          std::string_view parameter);
Task<Result<Response>> create_api_key_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                            std::string_view parameter);
Task<Result<Response>> list_api_keys_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                           std::string_view parameter);
Task<Result<Response>> revoke_api_key_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                            std::string_view parameter);
Task<Result<Response>> list_users_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                        std::string_view parameter);
Task<Result<Response>> change_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                         std::string_view parameter);
Task<Result<Response>> log_out_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                          std::string_view parameter);
Task<Result<Response>> delete_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                         std::string_view parameter);
Task<Result<Response>> export_user_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                         std::string_view parameter);
Task<Result<Response>> send_password_reset_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                                 std::string_view parameter);
Task<Result<Response>> list_user_passkeys_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                                std::string_view parameter);
Task<Result<Response>> remove_user_passkey_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                                 std::string_view parameter);
Task<Result<Response>> list_user_sessions_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                                std::string_view parameter);
Task<Result<Response>> list_events_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                         std::string_view parameter);
Task<Result<Response>> list_keys_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                       std::string_view parameter);
Task<Result<Response>> rotate_keys_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                         std::string_view parameter);
Task<Result<Response>> remove_all_keys_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                             std::string_view);
Task<Result<Response>> remove_key_route(ApiState& api, const Request& request, const MachineCaller& caller,
                                        std::string_view parameter);

Task<Result<Response>> jwks_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> metadata_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> health_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> ready_route(ApiState& api, const Request& request, std::string_view parameter);
Task<Result<Response>> metrics_route(ApiState& api, const Request& request, std::string_view parameter);

}  // namespace rescind

#endif  // RESCIND_HTTP_API_STATE_H_
