#include "http/responses.h"

#include <boost/json/serialize.hpp>
#include <string>
#include <utility>

namespace rescind {
namespace {

std::string_view oauth_name(ErrorCode code) {
  switch (status_of(code)) {
    case 401: return "invalid_client";
    case 403: return "insufficient_scope";
    case 500: return "server_error";
    case 503: return "temporarily_unavailable";
    default: return "invalid_request";
  }
}

void add_json_fields(Response& response) {
  response.fields.add("Content-Type", "application/json");
  response.fields.add("Cache-Control", "no-store");
}

void add_error_headers(const Error& error, Response& response) {
  if (response.status == 401 && error.code == ErrorCode::kMissingToken) {
    response.fields.add("WWW-Authenticate", "Bearer");
  } else if (error.code == ErrorCode::kReauthenticationRequired) {
    const std::string max_age = std::to_string(error.max_age.value_or(std::chrono::seconds(0)).count());
    response.fields.add("WWW-Authenticate", "Bearer error=\"insufficient_user_authentication\", max_age=\"" + max_age + "\"");
  } else if (response.status == 401) {
    response.fields.add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  }
  // RFC 6750 has one word for every right that is missing.
  if (error.code == ErrorCode::kInsufficientScope || error.code == ErrorCode::kInsufficientRole) {
    response.fields.add("WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
  }
  if (response.status == 503 || response.status == 429) {
    const std::chrono::seconds wait = error.retry_after.value_or(std::chrono::seconds(1));
    response.fields.add("Retry-After", std::to_string(wait.count()));
  }
}

}  // namespace

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidRequest:
    case ErrorCode::kInvalidLink:
    case ErrorCode::kInvalidChallenge: return 400;
    case ErrorCode::kUnsupportedMedia: return 415;
    case ErrorCode::kPayloadTooLarge: return 413;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kMethodNotAllowed: return 405;
    case ErrorCode::kMissingToken:
    case ErrorCode::kInvalidToken:
    case ErrorCode::kReauthenticationRequired:
    case ErrorCode::kTokenExpired:
    case ErrorCode::kTokenRevoked:
    case ErrorCode::kInvalidCredentials:
    case ErrorCode::kSessionExpired:
    case ErrorCode::kSessionRevoked:
    case ErrorCode::kRefreshReused: return 401;
    case ErrorCode::kEmailTaken:
    case ErrorCode::kPasskeyTaken:
    case ErrorCode::kPasskeyLimit:
    case ErrorCode::kLastCredential:
    case ErrorCode::kSessionLimit: return 409;
    case ErrorCode::kTooManyAttempts: return 429;
    case ErrorCode::kUserBlocked:
    case ErrorCode::kEmailNotVerified:
    case ErrorCode::kInsufficientScope:
    case ErrorCode::kInsufficientRole:
    case ErrorCode::kCsrfRejected: return 403;
    case ErrorCode::kOverloaded:
    case ErrorCode::kMailUnavailable:
    case ErrorCode::kStoreUnavailable:
    case ErrorCode::kVerifierStale: return 503;
    case ErrorCode::kInternal: return 500;
  }
  return 500;
}

Response json_response(unsigned status, const boost::json::object& body) {
  Response response{status, {}, boost::json::serialize(body)};
  add_json_fields(response);
  return response;
}

Response json_response(unsigned status, JsonObject body) {
  Response response{status, {}, std::move(body).finish()};
  add_json_fields(response);
  return response;
}

void write_error(const Error& error, Response& response) {
  response.status = status_of(error.code);
  add_json_fields(response);
  response.body.append(R"({"code":")").append(to_string(error.code)).append(R"(","message":)");
  append_json_string(response.body, error.message);
  response.body.push_back('}');
  add_error_headers(error, response);
}

Response error_response(const Error& error) {
  Response response;
  write_error(error, response);
  return response;
}

Response oauth_error_response(const Error& error) {
  Response response =
      json_response(status_of(error.code), {{"error", oauth_name(error.code)}, {"error_description", error.message}});
  if (response.status == 401) {
    response.fields.add("WWW-Authenticate", "Basic realm=\"rescind\"");
  } else {
    add_error_headers(error, response);
  }
  return response;
}

}  // namespace rescind
