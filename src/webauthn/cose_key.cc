#include "webauthn/cose_key.h"

#include "webauthn/cbor.h"
#include "webauthn/ecdsa_signature.h"

namespace rescind {
namespace {

using Bytes = CborValue::Bytes;

// Labels of RFC 9052 section 7.1 and RFC 9053 section 7; a label below zero means what the key type says.
constexpr std::int64_t kKeyType = 1;
constexpr std::int64_t kAlgorithm = 3;
constexpr std::int64_t kCurve = -1, kX = -2, kY = -3;            // EC2 and OKP
constexpr std::int64_t kModulus = -1, kExponent = -2;            // RSA (RFC 8230 section 4)
constexpr std::int64_t kOkp = 1, kEc2 = 2, kRsa = 3;             // key types
constexpr std::int64_t kP256 = 1, kEd25519 = 6;                  // curves
constexpr std::int64_t kEs256 = -7, kEdDsa = -8, kRs256 = -257;  // algorithms

WebauthnError error_of(KeyError error) {
  switch (error) {
    case KeyError::kWeak: return WebauthnError::kWeakKey;
    case KeyError::kInvalidPoint: return WebauthnError::kInvalidPoint;
    case KeyError::kUnsupported: return WebauthnError::kUnsupportedAlgorithm;
    case KeyError::kMalformed:
    case KeyError::kInvalidKeyId:
    case KeyError::kDuplicateKeyId: break;
  }
  return WebauthnError::kMalformedPublicKey;
}

std::optional<std::int64_t> find_number(const CborValue& key, std::int64_t label) {
  const CborValue* value = key.find(label);
  const std::int64_t* number = value == nullptr ? nullptr : value->if_type<std::int64_t>();
  return number == nullptr ? std::nullopt : std::optional(*number);
}

// A compressed point has a bool for y, and is refused as every other type: it is not allowed here (Level 3 section 5.8.5).
std::optional<Bytes> find_bytes(const CborValue& key, std::int64_t label) {
  const CborValue* value = key.find(label);
  const Bytes* bytes = value == nullptr ? nullptr : value->if_type<Bytes>();
  return bytes == nullptr ? std::nullopt : std::optional(*bytes);
}

bool is_for(const CborValue& key, std::int64_t algorithm, std::optional<std::int64_t> curve) {
  return find_number(key, kAlgorithm) == algorithm && (!curve || find_number(key, kCurve) == curve);
}

Result<SignatureCheck, KeyError> ec2_check(const CborValue& key) {
  if (!is_for(key, kEs256, kP256)) return Unexpected(KeyError::kUnsupported);
  const std::optional<Bytes> x = find_bytes(key, kX);
  const std::optional<Bytes> y = find_bytes(key, kY);
  if (!x || !y || key.members() != 5) return Unexpected(KeyError::kMalformed);
  return SignatureCheck::from_p256(*x, *y);
}

Result<SignatureCheck, KeyError> okp_check(const CborValue& key) {
  if (!is_for(key, kEdDsa, kEd25519)) return Unexpected(KeyError::kUnsupported);
  const std::optional<Bytes> x = find_bytes(key, kX);
  if (!x || key.members() != 4) return Unexpected(KeyError::kMalformed);
  return SignatureCheck::from_ed25519(*x);
}

Result<SignatureCheck, KeyError> rsa_check(const CborValue& key) {
  if (!is_for(key, kRs256, std::nullopt)) return Unexpected(KeyError::kUnsupported);
  const std::optional<Bytes> n = find_bytes(key, kModulus);
  const std::optional<Bytes> e = find_bytes(key, kExponent);
  if (!n || !e || key.members() != 4) return Unexpected(KeyError::kMalformed);
  return SignatureCheck::from_rsa(*n, *e, Algorithm::kRs256);
}

Result<SignatureCheck, KeyError> check_of(const CborValue& key) {
  const std::optional<std::int64_t> type = find_number(key, kKeyType);
  if (!type || !find_number(key, kAlgorithm)) return Unexpected(KeyError::kMalformed);
  switch (*type) {
    case kEc2: return ec2_check(key);
    case kOkp: return okp_check(key);
    case kRsa: return rsa_check(key);
    default: return Unexpected(KeyError::kUnsupported);
  }
}

}  // namespace

std::optional<std::int64_t> cose_number(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kEs256: return kEs256;
    case Algorithm::kEdDsa: return kEdDsa;
    case Algorithm::kRs256: return kRs256;
    case Algorithm::kPs256:
    case Algorithm::kHs256: break;
  }
  return std::nullopt;
}

Result<CoseKey, WebauthnError> CoseKey::parse(std::span<const std::uint8_t> bytes) {
  const std::optional<CborValue> key = decode_cbor(bytes);
  if (!key) return Unexpected(WebauthnError::kMalformedPublicKey);
  auto check = check_of(*key);
  if (!check) return Unexpected(error_of(check.error()));
  return CoseKey(std::move(*check));
}

bool CoseKey::verify(std::string_view message, std::span<const std::uint8_t> signature) const {
  if (algorithm() != Algorithm::kEs256) return check_.verify(message, signature);
  const std::optional<EcdsaSignature> raw = parse_ecdsa_signature(signature);
  return raw && check_.verify(message, *raw);
}

}  // namespace rescind
