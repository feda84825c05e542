#include "token/key_ring.h"

#include <cassert>
#include <utility>

namespace rescind {
namespace {

std::string make_jwks(const ServerKeys& keys) {
  std::string json = "{\"keys\":[";
  bool is_first = true;
  for (const ServerKey& key : keys.signing_keys) {
    if (key.key.algorithm() == Algorithm::kHs256) continue;
    if (!std::exchange(is_first, false)) json += ',';
    json += key.key.public_jwk();
  }
  return json + "]}";
}

Result<std::vector<SigningKey>> operator_keys_of(const OperatorSecrets& secrets) {
  std::vector<SigningKey> keys;
  const auto add = [&](const Secret& secret) -> Result<void> {
    auto key = SigningKey::from_hmac_secret(secret);
    if (!key) return Unexpected(std::move(key).error());
    keys.push_back(std::move(*key));
    return {};
  };
  if (secrets.current) {
    if (auto added = add(*secrets.current); !added) return Unexpected(std::move(added).error());
  }
  for (const Secret& secret : secrets.previous) {
    if (auto added = add(secret); !added) return Unexpected(std::move(added).error());
  }
  return keys;
}

Result<KeySet> verification_keys_of(const ServerKeys& server_keys, const std::vector<SigningKey>& operator_keys) {
  std::vector<VerificationKey> keys;
  for (const SigningKey& key : operator_keys) keys.push_back(key.verification_key());
  for (const ServerKey& key : server_keys.signing_keys) keys.push_back(key.key.verification_key());
  auto set = KeySet::from_keys(std::move(keys));
  if (!set) return fail(ErrorCode::kInternal, "two signing keys share a kid, or there are too many");
  return std::move(*set);
}

RefreshTokenCodec codec_of(const std::vector<RefreshKey>& keys) {
  assert(!keys.empty() && keys.size() <= kMaxRefreshKeys);
  return RefreshTokenCodec(keys[0].key, keys.size() > 1 ? &keys[1].key : nullptr);
}

}  // namespace

KeyRing::KeyRing(SigningKey signing_key, KeySet verification_keys, ServerKeys server_keys,
                 std::vector<SigningKey> operator_keys)
    : signing_key_(std::move(signing_key)),
      verification_keys_(std::move(verification_keys)),
      server_keys_(std::move(server_keys)),
      operator_keys_(std::move(operator_keys)),
      refresh_tokens_(codec_of(server_keys_.refresh_keys)),
      jwks_json_(make_jwks(server_keys_)) {}

Result<KeyRing> KeyRing::create(ServerKeys keys, const OperatorSecrets& secrets) {
  auto operator_keys = operator_keys_of(secrets);
  if (!operator_keys) return Unexpected(std::move(operator_keys).error());
  const ServerKey* const active = find_key(keys, KeyState::kActive);
  if (!secrets.current && active == nullptr) return fail(ErrorCode::kInternal, "there is no key that signs");
  auto set = verification_keys_of(keys, *operator_keys);
  if (!set) return Unexpected(std::move(set).error());
  SigningKey signing_key = secrets.current ? operator_keys->front() : active->key;
  return KeyRing(std::move(signing_key), std::move(*set), std::move(keys), std::move(*operator_keys));
}

Result<KeyRing> KeyRing::generate(Algorithm algorithm, Random& random) {
  auto change = settle_keys(ServerKeys{}, KeyPolicy{.algorithm = algorithm}, WallTime(), random);
  if (!change) return Unexpected(std::move(change).error());
  return create(std::move((*change)->keys), {});
}

Result<KeyRing> KeyRing::load_or_create(const KeyPlace& place, const KeyPolicy& policy, const OperatorSecrets& secrets,
                                        WallTime now, Random& random) {
  auto file = KeyFile::open(place);
  if (!file) return Unexpected(std::move(file).error());
  auto loaded = file->load();
  if (!loaded) return Unexpected(std::move(loaded).error());
  KeyFileContent content = loaded->has_value() ? std::move(**loaded) : KeyFileContent{};
  ServerKeys& keys = content.keys;
  auto change = settle_keys(keys, policy, now, random);
  if (!change) return Unexpected(std::move(change).error());
  if (*change) keys = std::move((*change)->keys);
  auto ring = create(std::move(keys), secrets);
  if (!ring) return fail(ErrorCode::kInternal, place.directory + "/keys.json: " + ring.error().message);
  if (*change || content.sealing == Sealing::kOutdated) {
    if (auto stored = file->store(ring->server_keys(), random); !stored) return Unexpected(std::move(stored).error());
  }
  return ring;
}

}  // namespace rescind
