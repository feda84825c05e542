#include "webauthn/authenticator_data.h"

#include <algorithm>

#include "webauthn/cbor.h"

namespace rescind {
namespace {

using Bytes = std::span<const std::uint8_t>;

// Takes parts off the front. Where there is too little, or the wrong thing, it remembers that, and what it gives is empty.
class Reader {
 public:
  explicit Reader(Bytes rest) : rest_(rest) {}

  bool is_good() const { return good_; }
  bool is_at_end() const { return rest_.empty(); }

  Bytes take(std::size_t size) {
    good_ = good_ && size <= rest_.size();
    if (!good_) return {};
    const Bytes part = rest_.first(size);
    rest_ = rest_.subspan(size);
    return part;
  }

  std::uint32_t take_number(std::size_t size) {
    std::uint32_t number = 0;
    for (const std::uint8_t byte : take(size)) number = number << 8 | byte;
    return number;
  }

  Bytes take_cbor_map() {
    const Bytes start = rest_;
    const std::optional<CborValue> value = good_ ? take_cbor(rest_) : std::nullopt;
    good_ = value && value->if_type<CborValue::Map>() != nullptr;
    return good_ ? start.first(start.size() - rest_.size()) : Bytes();
  }

 private:
  Bytes rest_;
  bool good_ = true;
};

AttestedCredential take_credential(Reader& reader) {
  AttestedCredential credential;
  std::ranges::copy(reader.take(credential.aaguid.size()), credential.aaguid.begin());
  credential.id = reader.take(reader.take_number(2));
  credential.public_key = reader.take_cbor_map();
  return credential;
}

bool has_valid_id(const AttestedCredential& credential) {
  return credential.id.size() >= kMinPasskeyIdBytes && credential.id.size() <= kMaxPasskeyIdBytes;
}

}  // namespace

BackupEligibility backup_eligibility_of(const AuthenticatorData& data) {
  return data.has(AuthenticatorFlag::kBackupEligible) ? BackupEligibility::kMultiDevice : BackupEligibility::kSingleDevice;
}

BackupState backup_state_of(const AuthenticatorData& data) {
  return data.has(AuthenticatorFlag::kBackedUp) ? BackupState::kBackedUp : BackupState::kNotBackedUp;
}

Result<AuthenticatorData, WebauthnError> parse_authenticator_data(Bytes bytes) {
  const Unexpected malformed(WebauthnError::kMalformedAuthenticatorData);
  if (bytes.size() > kMaxAuthenticatorDataBytes) return malformed;
  Reader reader(bytes);
  AuthenticatorData data;
  std::ranges::copy(reader.take(data.rp_id_hash.size()), data.rp_id_hash.begin());
  data.flags = static_cast<std::uint8_t>(reader.take_number(1));
  data.sign_count = reader.take_number(4);
  if (data.has(AuthenticatorFlag::kAttestedCredential)) {
    data.credential = take_credential(reader);
    if (!has_valid_id(*data.credential)) return malformed;
  }
  if (data.has(AuthenticatorFlag::kExtensions)) reader.take_cbor_map();
  if (!reader.is_good() || !reader.is_at_end()) return malformed;
  return data;
}

std::string_view to_string(UserVerification user_verification) {
  switch (user_verification) {
    case UserVerification::kRequired: return "required";
    case UserVerification::kPreferred: return "preferred";
    case UserVerification::kDiscouraged: return "discouraged";
  }
  return "";
}

Result<void, WebauthnError> check_authenticator_data(const AuthenticatorData& data, const RelyingParty& relying_party,
                                                     UserVerification user_verification) {
  using enum AuthenticatorFlag;
  if (data.rp_id_hash != relying_party.id_hash()) return Unexpected(WebauthnError::kWrongRelyingParty);
  if (!data.has(kUserPresent)) return Unexpected(WebauthnError::kUserNotPresent);
  if (user_verification == UserVerification::kRequired && !data.has(kUserVerified)) {
    return Unexpected(WebauthnError::kUserNotVerified);
  }
  if (data.has(kBackedUp) && !data.has(kBackupEligible)) return Unexpected(WebauthnError::kInvalidBackupFlags);
  return {};
}

}  // namespace rescind
