// read_foreign_jwks() and find_signer().
#include <algorithm>
#include <boost/json/serialize.hpp>

#include "rescind/foreign_token.h"
#include "verify/strict_json.h"

namespace rescind {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 6;

// The one RSA algorithm that is accepted; absent where none is, or both are.
std::optional<Algorithm> only_rsa_algorithm(std::span<const Algorithm> accepted) {
  std::optional<Algorithm> only;
  for (const Algorithm algorithm : accepted) {
    if (algorithm != Algorithm::kRs256 && algorithm != Algorithm::kPs256) continue;
    if (only) return std::nullopt;
    only = algorithm;
  }
  return only;
}

bool is_rsa(const json::object& jwk) {
  const json::value* type = jwk.if_contains("kty");
  return type != nullptr && type->is_string() && type->get_string() == "RSA";
}

std::optional<VerificationKey> usable_key(json::object jwk, std::span<const Algorithm> accepted) {
  if (const auto rsa = only_rsa_algorithm(accepted); rsa && is_rsa(jwk) && !jwk.contains("alg")) jwk["alg"] = to_string(*rsa);
  const Result<VerificationKey, KeyError> key = VerificationKey::from_jwk(json::serialize(jwk));
  if (!key) return std::nullopt;
  // What is published is no shared secret.
  if (key->algorithm() == Algorithm::kHs256) return std::nullopt;
  if (!accepted.empty() && std::ranges::find(accepted, key->algorithm()) == accepted.end()) return std::nullopt;
  return *key;
}

}  // namespace

Result<KeySet, KeyError> read_foreign_jwks(std::string_view text, std::span<const Algorithm> accepted) {
  if (text.size() > kMaxKeySetBytes) return Unexpected(KeyError::kMalformed);
  const auto value = parse_strict_json(text, kMaxDepth);
  if (!value || !value->is_object()) return Unexpected(KeyError::kMalformed);
  const json::value* members = value->get_object().if_contains("keys");
  if (members == nullptr || !members->is_array() || members->get_array().size() > kMaxKeysInSet) {
    return Unexpected(KeyError::kMalformed);
  }
  const json::array& jwks = members->get_array();
  std::vector<VerificationKey> keys;
  for (const json::value& member : jwks) {
    if (!member.is_object()) return Unexpected(KeyError::kMalformed);
    json::object jwk = member.get_object();
    if (jwks.size() == 1 && !jwk.contains("kid")) jwk["kid"] = kUnnamedKeyId;
    if (std::optional<VerificationKey> key = usable_key(std::move(jwk), accepted)) keys.push_back(std::move(*key));
  }
  if (keys.empty()) return Unexpected(KeyError::kUnsupported);
  return KeySet::from_keys(std::move(keys));
}

const VerificationKey* find_signer(const KeySet& keys, std::string_view key_id) {
  return key_id.empty() ? keys.only_key() : keys.find(key_id);
}

}  // namespace rescind
