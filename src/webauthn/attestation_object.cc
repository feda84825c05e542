#include "webauthn/attestation_object.h"

#include "webauthn/cbor.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxFormatBytes = 32;  // Level 3 section 8.1

template <class T>
const T* find_member(const CborValue& object, std::string_view name) {
  const CborValue* value = object.find(name);
  return value == nullptr ? nullptr : value->if_type<T>();
}

// A map, or an array for the format "compound" (section 8.9).
bool is_statement(const CborValue* statement, std::string_view format) {
  if (statement == nullptr) return false;
  const auto* map = statement->if_type<CborValue::Map>();
  if (format == "none") return map != nullptr && map->empty();
  return map != nullptr || statement->if_type<CborValue::Array>() != nullptr;
}

}  // namespace

Result<AttestationObject, WebauthnError> parse_attestation_object(std::span<const std::uint8_t> bytes) {
  const Unexpected malformed(WebauthnError::kMalformedAttestation);
  if (bytes.size() > kMaxAttestationBytes) return malformed;
  const std::optional<CborValue> object = decode_cbor(bytes);
  if (!object || object->members() != 3) return malformed;
  const auto* format = find_member<std::string_view>(*object, "fmt");
  const auto* authenticator_data = find_member<CborValue::Bytes>(*object, "authData");
  if (format == nullptr || format->empty() || format->size() > kMaxFormatBytes || authenticator_data == nullptr)
    return malformed;
  if (!is_statement(object->find("attStmt"), *format)) return malformed;
  return AttestationObject{*format, *authenticator_data};
}

}  // namespace rescind
