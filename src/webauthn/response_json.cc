#include "webauthn/response_json.h"

#include <algorithm>

#include "domain/passkey.h"
#include "rescind/base64url.h"
#include "verify/sha256.h"
#include "verify/strict_json.h"
#include "webauthn/attestation_object.h"
#include "webauthn/authenticator_data.h"
#include "webauthn/client_data.h"
#include "webauthn/json_members.h"

namespace rescind {
namespace {

namespace json = boost::json;

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMaxDepth = 8;
constexpr std::size_t kMaxTransportBytes = 32;

// Reads members, and remembers whether one of them was not as it should be.
class Reader {
 public:
  explicit Reader(std::string_view text) {
    if (text.size() <= kMaxResponseJsonBytes) credential_ = parse_strict_json(text, kMaxDepth);
    good_ = credential_ && credential_->is_object();
    const json::value* response = good_ ? credential_->get_object().if_contains("response") : nullptr;
    good_ = response != nullptr && response->is_object();
    if (good_) response_ = &response->get_object();
  }

  bool is_good() const { return good_; }

  Bytes read_id() {
    if (!good_) return {};
    const json::object& credential = credential_->get_object();
    const auto id = find_string(credential, "id");
    good_ = id && find_string(credential, "rawId") == id && find_string(credential, "type") == "public-key";
    return bytes_of(credential, "id", kMaxPasskeyIdBytes);
  }

  Bytes read_bytes(std::string_view name, std::size_t max_bytes) {
    return good_ ? bytes_of(*response_, name, max_bytes) : Bytes();
  }

  // JSON's null is taken for absent: some browsers write it.
  std::optional<Bytes> read_optional_bytes(std::string_view name, std::size_t max_bytes) {
    const json::value* value = good_ ? response_->if_contains(name) : nullptr;
    if (value == nullptr || value->is_null()) return std::nullopt;
    return read_bytes(name, max_bytes);
  }

  std::vector<std::string> read_transports() {
    const json::value* value = good_ ? response_->if_contains("transports") : nullptr;
    if (value == nullptr) return {};
    good_ = value->is_array() && value->get_array().size() <= kMaxTransports;
    std::vector<std::string> transports;
    for (const json::value& transport : good_ ? value->get_array() : json::array()) {
      good_ = good_ && transport.is_string() && is_transport(std::string_view(transport.get_string()));
      if (good_) transports.emplace_back(transport.get_string());
    }
    return transports;
  }

 private:
  // Also one that the standard does not know yet (section 5.8.4).
  static bool is_transport(std::string_view text) {
    const auto is_char = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !text.empty() && text.size() <= kMaxTransportBytes && std::ranges::all_of(text, is_char);
  }

  Bytes bytes_of(const json::object& object, std::string_view name, std::size_t max_bytes) {
    const auto text = find_string(object, name);
    std::optional<Bytes> bytes;
    if (good_ && text && !text->empty() && text->size() <= max_bytes * 4 / 3 + 2) bytes = base64url_decode(*text);
    good_ = bytes && bytes->size() <= max_bytes;
    return good_ ? std::move(*bytes) : Bytes();
  }

  std::optional<json::value> credential_;
  const json::object* response_ = nullptr;
  bool good_ = false;
};

}  // namespace

Result<RegistrationResponse, WebauthnError> parse_registration_response(std::string_view text) {
  Reader reader(text);
  RegistrationResponse response;
  response.id = reader.read_id();
  response.client_data_json = as_text(reader.read_bytes("clientDataJSON", kMaxClientDataBytes));
  response.attestation_object = reader.read_bytes("attestationObject", kMaxAttestationBytes);
  response.transports = reader.read_transports();
  if (!reader.is_good()) return Unexpected(WebauthnError::kMalformedResponse);
  return response;
}

Result<AuthenticationResponse, WebauthnError> parse_authentication_response(std::string_view text) {
  Reader reader(text);
  AuthenticationResponse response;
  response.id = reader.read_id();
  response.client_data_json = as_text(reader.read_bytes("clientDataJSON", kMaxClientDataBytes));
  response.authenticator_data = reader.read_bytes("authenticatorData", kMaxAuthenticatorDataBytes);
  response.signature = reader.read_bytes("signature", kMaxSignatureBytes);
  response.user_handle = reader.read_optional_bytes("userHandle", kMaxUserHandleBytes);
  if (!reader.is_good()) return Unexpected(WebauthnError::kMalformedResponse);
  return response;
}

}  // namespace rescind
