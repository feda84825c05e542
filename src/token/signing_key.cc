#include "token/signing_key.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cassert>

#include "rescind/base64url.h"
#include "token/evp_key.h"
#include "token/jwk_thumbprint.h"
#include "verify/hmac_sha256.h"
#include "verify/sha256.h"
#include "verify/strict_json.h"

namespace rescind {
namespace {

namespace json = boost::json;

constexpr std::size_t kGeneratedSecretBytes = 32;
constexpr std::size_t kRandomKeyIdBytes = 16;
constexpr std::string_view kKeyIdPurpose = "rescind-kid-v1";
constexpr std::size_t kMaxPrivateJwkBytes = 8 * 1024;

Unexpected<Error> refuse(std::string reason) { return fail(ErrorCode::kInvalidRequest, "private JWK: " + std::move(reason)); }

std::string quoted(std::string_view text) { return json::serialize(json::value(text)); }

std::string write_jwk(const JwkMembers& members, Algorithm algorithm, const std::string& key_id) {
  std::string text;
  text.reserve(kMaxPrivateJwkBytes);  // no copy of it is left behind by growing
  text = "{";
  for (const auto& [name, value] : members) text.append(quoted(name)).append(":").append(quoted(value.reveal())).append(",");
  text.append("\"alg\":").append(quoted(to_string(algorithm))).append(",\"use\":\"sig\",\"kid\":").append(quoted(key_id));
  return text.append("}");
}

// A JWK is flat and all of its members that we know are strings.
Result<JwkMembers> read_members(const Secret& text) {
  if (text.size() > kMaxPrivateJwkBytes) return refuse("too long");
  auto document = parse_strict_json(text.reveal(), 1);
  if (!document || !document->is_object()) return refuse("not a JSON object of strings");
  JwkMembers members;
  bool all_strings = true;
  for (auto& [name, value] : document->get_object()) {
    if (!value.is_string()) {
      all_strings = false;
      continue;
    }
    json::string& member = value.get_string();
    members.emplace(name, Secret(std::string(member)));
    OPENSSL_cleanse(member.data(), member.size());
  }
  if (!all_strings) return refuse("not a JSON object of strings");
  return members;
}

std::optional<std::string> take(JwkMembers& members, std::string_view name) {
  const auto found = members.find(name);
  if (found == members.end()) return std::nullopt;
  std::string value(found->second.reveal());
  members.erase(found);
  return value;
}

// Visible ASCII, so that it takes a bounded room in each token's header.
bool is_key_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxKeyIdBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

Result<Secret> secret_from_members(const JwkMembers& members) {
  const auto k = members.find("k");
  const auto kty = members.find("kty");
  if (members.size() != 2 || k == members.end() || kty == members.end() || kty->second.reveal() != "oct") {
    return refuse("an HMAC secret has kty oct and k");
  }
  auto bytes = base64url_decode(k->second.reveal());
  if (!bytes) return refuse("k is not base64url");
  Secret secret(std::string(bytes->begin(), bytes->end()));
  OPENSSL_cleanse(bytes->data(), bytes->size());
  return secret;
}

}  // namespace

struct SigningKey::Material {
  Algorithm algorithm;
  std::string key_id;
  EvpKey evp_key;  // null for HS256
  std::optional<EvpSigner> signer;
  Secret hmac_secret;              // empty for the others
  std::optional<HmacSha256> hmac;  // HS256 only
  VerificationKey verification_key;

  static Result<SigningKey> make(Algorithm algorithm, std::string key_id, EvpKey key) {
    const std::string public_jwk = write_jwk(public_members(key, algorithm), algorithm, key_id);
    auto verification_key = VerificationKey::from_jwk(public_jwk);
    if (!verification_key) return refuse("its public part or its kid cannot be used");
    EvpSigner signer(key, algorithm);
    return SigningKey(std::make_shared<const Material>(Material{algorithm, std::move(key_id), std::move(key), std::move(signer),
                                                                Secret(), std::nullopt, std::move(*verification_key)}));
  }

  static Result<SigningKey> make(std::string key_id, Secret secret) {
    if (secret.size() < kMinHmacSecretBytes) {
      return fail(ErrorCode::kInvalidRequest, "an HS256 secret must have at least 32 bytes");
    }
    auto verification_key = VerificationKey::from_hmac_secret(secret.reveal_bytes(), key_id);
    if (!verification_key) return refuse("its kid cannot be used");
    HmacSha256 hmac(secret.reveal_bytes());
    return SigningKey(
        std::make_shared<const Material>(Material{Algorithm::kHs256, std::move(key_id), EvpKey(), std::nullopt,
                                                  std::move(secret), std::move(hmac), std::move(*verification_key)}));
  }
};

SigningKey::SigningKey(std::shared_ptr<const Material> material) : material_(std::move(material)) {}

Result<SigningKey> SigningKey::generate(Algorithm algorithm, Random& random) {
  if (algorithm == Algorithm::kHs256) {
    std::array<std::uint8_t, kGeneratedSecretBytes> secret;
    std::array<std::uint8_t, kRandomKeyIdBytes> id;
    random.fill(secret);
    random.fill(id);
    Secret kept(std::string(secret.begin(), secret.end()));
    OPENSSL_cleanse(secret.data(), secret.size());
    return Material::make(base64url_encode(id), std::move(kept));
  }
  auto key = generate_evp_key(algorithm);
  if (!key) return Unexpected(std::move(key).error());
  std::string key_id = jwk_thumbprint(public_members(*key, algorithm));
  return Material::make(algorithm, std::move(key_id), std::move(*key));
}

Result<SigningKey> SigningKey::from_hmac_secret(const Secret& secret) {
  const Sha256Digest tag = HmacSha256(secret.reveal_bytes()).mac_of(kKeyIdPurpose);
  return Material::make(base64url_encode(std::span(tag).first(kRandomKeyIdBytes)), secret);
}

Result<SigningKey> SigningKey::from_private_jwk(const Secret& text) {
  auto members = read_members(text);
  if (!members) return Unexpected(std::move(members).error());
  auto key_id = take(*members, "kid");
  const auto algorithm_name = take(*members, "alg");
  const auto use = take(*members, "use");
  if (!key_id || !is_key_id(*key_id)) return refuse("kid is missing, or not 1 to 128 visible ASCII characters");
  if (use && use != "sig") return refuse("use is not sig");
  const auto algorithm = algorithm_name ? parse_algorithm(*algorithm_name) : std::nullopt;
  if (!algorithm) return refuse("alg is missing or none that is known");
  if (algorithm == Algorithm::kHs256) {
    auto secret = secret_from_members(*members);
    if (!secret) return Unexpected(std::move(secret).error());
    return Material::make(std::move(*key_id), std::move(*secret));
  }
  auto key = evp_key_from_members(*members, *algorithm);
  if (!key) return Unexpected(std::move(key).error());
  return Material::make(*algorithm, std::move(*key_id), std::move(*key));
}

Secret SigningKey::private_jwk() const {
  JwkMembers members;
  if (material_->algorithm == Algorithm::kHs256) {
    members.emplace("kty", Secret("oct"));
    members.emplace("k", Secret(base64url_encode(material_->hmac_secret.reveal_bytes())));
  } else {
    members = private_members(material_->evp_key, material_->algorithm);
  }
  return Secret(write_jwk(members, material_->algorithm, material_->key_id));
}

const std::string& SigningKey::key_id() const { return material_->key_id; }
Algorithm SigningKey::algorithm() const { return material_->algorithm; }
VerificationKey SigningKey::verification_key() const { return material_->verification_key; }

std::string SigningKey::public_jwk() const {
  assert(material_->algorithm != Algorithm::kHs256);
  return write_jwk(public_members(material_->evp_key, material_->algorithm), material_->algorithm, material_->key_id);
}

std::string SigningKey::sign(std::string_view signing_input) const {
  if (material_->signer) return material_->signer->sign(signing_input);
  const Sha256Digest tag = material_->hmac->mac_of(signing_input);
  return std::string(tag.begin(), tag.end());
}

}  // namespace rescind
