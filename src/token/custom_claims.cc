#include "token/custom_claims.h"

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>

#include "rescind/verifier.h"
#include "token/access_token.h"
#include "verify/claims.h"
#include "verify/strict_json.h"

namespace rescind {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 15> kReserved = {"iss", "sub", "aud",       "iat", "nbf",       "exp", "jti", "sid",
                                                        "tv",  "amr", "auth_time", "typ", "client_id", "cnf", "act"};

Unexpected<Error> refuse(std::string reason) { return fail(ErrorCode::kInvalidRequest, "claims: " + std::move(reason)); }

// As the verifier reads it: what it would not take must not be signed.
bool is_list_of_roles(const json::value& value) {
  const auto* array = value.if_array();
  return array && array->size() <= kMaxClaimEntries && std::all_of(array->begin(), array->end(), [](const json::value& item) {
           return item.is_string() && item.get_string().size() <= kMaxClaimBytes;
         });
}

// Precondition: `json` is valid. Its own text is kept, not what a parser made of it: a number read as a double and written
// again is not always the number that the application wrote.
std::string without_white_space(std::string_view json) {
  std::string text;
  bool is_in_string = false;
  bool is_escaped = false;
  for (const char c : json) {
    const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (is_in_string || !is_space) text += c;
    if (c == '"' && !is_escaped) is_in_string = !is_in_string;
    is_escaped = is_in_string && c == '\\' && !is_escaped;
  }
  return text;
}

}  // namespace

bool is_reserved_claim(std::string_view name) { return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end(); }

Result<CustomClaims> parse_custom_claims(std::string_view text) {
  if (text.size() > kMaxCustomClaimsBytes) return refuse("too long");
  auto document = parse_strict_json(text, kMaxJsonDepth - 1);
  if (!document || !document->is_object()) return refuse("not a JSON object, or too deep, or a name stands twice");
  const json::object& claims = document->get_object();
  for (const auto& [name, value] : claims) {
    if (is_reserved_claim(name)) return refuse("\"" + std::string(name) + "\" is set by the server");
  }
  const json::value* roles = claims.if_contains("roles");
  if (roles && !is_list_of_roles(*roles)) return refuse("roles must be an array of at most 64 strings of at most 1,024 bytes");
  const json::value* scope = claims.if_contains("scope");
  if (scope && !scope->is_string()) return refuse("scope must be a string");
  const std::string object = without_white_space(text);
  return CustomClaims{object.substr(1, object.size() - 2), roles != nullptr};
}

Result<std::string> check_custom_claims(std::string_view text) {
  auto claims = parse_custom_claims(text);
  if (!claims) return Unexpected(std::move(claims).error());
  return "{" + claims->members + "}";
}

}  // namespace rescind
