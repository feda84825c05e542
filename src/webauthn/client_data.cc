#include "webauthn/client_data.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "base/secret.h"
#include "rescind/base64url.h"
#include "verify/strict_json.h"
#include "webauthn/json_members.h"

namespace rescind {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 8;

// An object.
std::optional<json::value> parse_client_data(std::string_view text) {
  if (text.size() > kMaxClientDataBytes) return std::nullopt;
  std::optional<json::value> value = parse_strict_json(text, kMaxDepth);
  if (value && !value->is_object()) value.reset();
  return value;
}

std::string_view type_of(PasskeyCeremony ceremony) {
  switch (ceremony) {
    case PasskeyCeremony::kRegistration: return "webauthn.create";
    case PasskeyCeremony::kSignIn: return "webauthn.get";
  }
  return "";
}

// The two members say one thing twice: where they disagree, a page above us is hidden.
Result<void, WebauthnError> check_frames(const json::object& client_data, const RelyingParty& relying_party) {
  const json::value* cross_origin = client_data.if_contains("crossOrigin");
  if (cross_origin != nullptr && !cross_origin->is_bool()) return Unexpected(WebauthnError::kMalformedClientData);
  const std::optional<std::string_view> top_origin = find_string(client_data, "topOrigin");
  if (client_data.contains("topOrigin") && !top_origin) return Unexpected(WebauthnError::kMalformedClientData);
  const bool is_cross_origin = cross_origin != nullptr && cross_origin->get_bool();
  if (!is_cross_origin && !top_origin) return {};
  if (!is_cross_origin || !top_origin || !relying_party.may_frame(*top_origin)) return Unexpected(WebauthnError::kCrossOrigin);
  return {};
}

}  // namespace

std::optional<PasskeyChallenge> read_challenge(std::string_view text) {
  const std::optional<json::value> value = parse_client_data(text);
  const auto named = value ? find_string(value->get_object(), "challenge") : std::nullopt;
  const auto bytes = named ? base64url_decode(*named) : std::nullopt;
  PasskeyChallenge challenge;
  if (!bytes || bytes->size() != challenge.bytes.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), challenge.bytes.begin());
  return challenge;
}

Result<void, WebauthnError> check_client_data(std::string_view text, PasskeyCeremony ceremony,
                                              const PasskeyChallenge& challenge, const RelyingParty& relying_party) {
  const std::optional<json::value> value = parse_client_data(text);
  if (!value) return Unexpected(WebauthnError::kMalformedClientData);
  const json::object& client_data = value->get_object();
  const std::optional<std::string_view> type = find_string(client_data, "type");
  const std::optional<std::string_view> answered = find_string(client_data, "challenge");
  const std::optional<std::string_view> origin = find_string(client_data, "origin");
  if (!type || !answered || !origin) return Unexpected(WebauthnError::kMalformedClientData);
  if (*type != type_of(ceremony)) return Unexpected(WebauthnError::kWrongType);
  if (!equal_in_constant_time(*answered, challenge.text())) return Unexpected(WebauthnError::kChallengeMismatch);
  if (!relying_party.allows(*origin)) return Unexpected(WebauthnError::kOriginNotAllowed);
  return check_frames(client_data, relying_party);
}

}  // namespace rescind
