// VerificationKey::from_jwk and KeySet::from_jwks.
#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "rescind/base64url.h"
#include "verify/key_material.h"
#include "verify/strict_json.h"

namespace rescind {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 6;
constexpr std::array<std::string_view, 7> kPrivateMembers{"d", "p", "q", "dp", "dq", "qi", "oth"};

using Bytes = std::vector<std::uint8_t>;

// Absent where the member is missing or not a string.
std::optional<std::string_view> find_string(const json::object& jwk, std::string_view name) {
  const json::value* value = jwk.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

std::optional<Bytes> find_bytes(const json::object& jwk, std::string_view name) {
  const std::optional<std::string_view> text = find_string(jwk, name);
  if (!text || text->empty()) return std::nullopt;
  return base64url_decode(*text);
}

// What the member says, `otherwise` where it is absent.
Result<Algorithm, KeyError> algorithm_of(const json::object& jwk, std::optional<Algorithm> otherwise) {
  if (!jwk.contains("alg")) {
    if (!otherwise) return Unexpected(KeyError::kMalformed);
    return *otherwise;
  }
  const std::optional<std::string_view> name = find_string(jwk, "alg");
  if (!name) return Unexpected(KeyError::kMalformed);
  const std::optional<Algorithm> algorithm = parse_algorithm(*name);
  if (!algorithm || (otherwise && *algorithm != *otherwise)) return Unexpected(KeyError::kUnsupported);
  return *algorithm;
}

Result<void, KeyError> check_use(const json::object& jwk) {
  if (jwk.contains("use") && find_string(jwk, "use") != "sig") return Unexpected(KeyError::kUnsupported);
  const json::value* operations = jwk.if_contains("key_ops");
  if (operations == nullptr) return {};
  if (!operations->is_array()) return Unexpected(KeyError::kMalformed);
  const auto is_verify = [](const json::value& operation) {
    return operation.is_string() && operation.get_string() == "verify";
  };
  if (std::ranges::none_of(operations->get_array(), is_verify)) return Unexpected(KeyError::kUnsupported);
  return {};
}

Result<SignatureCheck, KeyError> ec_check(const json::object& jwk) {
  if (find_string(jwk, "crv") != "P-256") return Unexpected(KeyError::kUnsupported);
  const auto algorithm = algorithm_of(jwk, Algorithm::kEs256);
  if (!algorithm) return Unexpected(algorithm.error());
  const std::optional<Bytes> x = find_bytes(jwk, "x");
  const std::optional<Bytes> y = find_bytes(jwk, "y");
  if (!x || !y) return Unexpected(KeyError::kMalformed);
  return SignatureCheck::from_p256(*x, *y);
}

Result<SignatureCheck, KeyError> okp_check(const json::object& jwk) {
  if (find_string(jwk, "crv") != "Ed25519") return Unexpected(KeyError::kUnsupported);
  const auto algorithm = algorithm_of(jwk, Algorithm::kEdDsa);
  if (!algorithm) return Unexpected(algorithm.error());
  const std::optional<Bytes> x = find_bytes(jwk, "x");
  if (!x) return Unexpected(KeyError::kMalformed);
  return SignatureCheck::from_ed25519(*x);
}

Result<SignatureCheck, KeyError> rsa_check(const json::object& jwk) {
  const auto algorithm = algorithm_of(jwk, std::nullopt);
  if (!algorithm) return Unexpected(algorithm.error());
  if (*algorithm != Algorithm::kRs256 && *algorithm != Algorithm::kPs256) return Unexpected(KeyError::kUnsupported);
  const std::optional<Bytes> n = find_bytes(jwk, "n");
  const std::optional<Bytes> e = find_bytes(jwk, "e");
  if (!n || !e) return Unexpected(KeyError::kMalformed);
  return SignatureCheck::from_rsa(*n, *e, *algorithm);
}

Result<SignatureCheck, KeyError> oct_check(const json::object& jwk) {
  const auto algorithm = algorithm_of(jwk, Algorithm::kHs256);
  if (!algorithm) return Unexpected(algorithm.error());
  const std::optional<Bytes> k = find_bytes(jwk, "k");
  if (!k) return Unexpected(KeyError::kMalformed);
  return SignatureCheck::from_hmac_secret(*k);
}

Result<SignatureCheck, KeyError> check_of(const json::object& jwk) {
  const std::optional<std::string_view> type = find_string(jwk, "kty");
  if (!type) return Unexpected(KeyError::kMalformed);
  const bool is_private = std::ranges::any_of(kPrivateMembers, [&](std::string_view name) { return jwk.contains(name); });
  if (is_private || (*type != "oct" && jwk.contains("k"))) return Unexpected(KeyError::kMalformed);
  if (const auto use = check_use(jwk); !use) return Unexpected(use.error());
  if (*type == "EC") return ec_check(jwk);
  if (*type == "OKP") return okp_check(jwk);
  if (*type == "RSA") return rsa_check(jwk);
  if (*type == "oct") return oct_check(jwk);
  return Unexpected(KeyError::kUnsupported);
}

}  // namespace

Result<VerificationKey, KeyError> VerificationKey::from_jwk(std::string_view text) {
  if (text.size() > kMaxKeySetBytes) return Unexpected(KeyError::kMalformed);
  const std::optional<json::value> value = parse_strict_json(text, kMaxDepth);
  if (!value || !value->is_object()) return Unexpected(KeyError::kMalformed);
  const json::object& jwk = value->get_object();
  const std::optional<std::string_view> key_id = find_string(jwk, "kid");
  if (!key_id || !is_valid_key_id(*key_id)) return Unexpected(KeyError::kInvalidKeyId);
  auto check = check_of(jwk);
  if (!check) return Unexpected(check.error());
  return VerificationKey(std::make_shared<const Material>(Material{std::string(*key_id), std::move(*check)}));
}

Result<KeySet, KeyError> KeySet::from_jwks(std::string_view text) {
  if (text.size() > kMaxKeySetBytes) return Unexpected(KeyError::kMalformed);
  const std::optional<json::value> value = parse_strict_json(text, kMaxDepth);
  if (!value || !value->is_object()) return Unexpected(KeyError::kMalformed);
  const json::value* members = value->get_object().if_contains("keys");
  if (members == nullptr || !members->is_array() || members->get_array().size() > kMaxKeysInSet) {
    return Unexpected(KeyError::kMalformed);
  }
  std::vector<VerificationKey> keys;
  for (const json::value& member : members->get_array()) {
    if (member.is_object() && find_string(member.get_object(), "use") == "enc") continue;
    auto key = VerificationKey::from_jwk(json::serialize(member));
    if (!key) return Unexpected(key.error());
    keys.push_back(std::move(*key));
  }
  return from_keys(std::move(keys));
}

}  // namespace rescind
