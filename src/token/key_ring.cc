#include "token/key_ring.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "rescind/base64url.h"
#include "token/key_file.h"
#include "token/refresh_token.h"

namespace rescind {
namespace {

Secret generate_refresh_key(Random& random) {
  std::array<std::uint8_t, kRefreshKeyBytes> bytes;
  random.fill(bytes);
  Secret key(std::string(bytes.begin(), bytes.end()));
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return key;
}

Result<KeySet> verification_keys_of(const std::vector<SigningKey>& keys) {
  std::vector<VerificationKey> verification;
  verification.reserve(keys.size());
  for (const SigningKey& key : keys) verification.push_back(key.verification_key());
  auto set = KeySet::from_keys(std::move(verification));
  if (!set) return fail(ErrorCode::kInternal, "two signing keys share a kid, or there are too many");
  return std::move(*set);
}

// Makes the newest key of `algorithm` the first one; false where there is none.
bool bring_to_front(std::vector<SigningKey>& keys, Algorithm algorithm) {
  const auto newest =
      std::find_if(keys.begin(), keys.end(), [&](const SigningKey& key) { return key.algorithm() == algorithm; });
  if (newest == keys.end()) return false;
  std::rotate(keys.begin(), newest, newest + 1);
  return true;
}

}  // namespace

KeyRing::KeyRing(std::vector<SigningKey> signing_keys, KeySet verification_keys, Secret refresh_key)
    : signing_keys_(std::move(signing_keys)),
      verification_keys_(std::move(verification_keys)),
      refresh_key_(std::move(refresh_key)) {
  assert(!signing_keys_.empty() && refresh_key_.size() == kRefreshKeyBytes);
}

Result<KeyRing> KeyRing::generate(Algorithm algorithm, Random& random) {
  auto key = SigningKey::generate(algorithm, random);
  if (!key) return Unexpected(std::move(key).error());
  std::vector<SigningKey> keys{std::move(*key)};
  auto set = verification_keys_of(keys);
  if (!set) return Unexpected(std::move(set).error());
  return KeyRing(std::move(keys), std::move(*set), generate_refresh_key(random));
}

Result<KeyRing> KeyRing::load_or_create(const std::string& directory, Algorithm algorithm,
                                        const std::optional<Secret>& hmac_secret, Random& random) {
  if (hmac_secret && algorithm != Algorithm::kHs256) {
    return fail(ErrorCode::kInvalidRequest, "a token secret is for HS256 only");
  }
  auto file = KeyFile::open(directory);
  if (!file) return Unexpected(std::move(file).error());
  auto loaded = file->load();
  if (!loaded) return Unexpected(std::move(loaded).error());
  bool must_store = !loaded->has_value();
  KeyFileContent content = must_store ? KeyFileContent{generate_refresh_key(random), {}} : std::move(**loaded);

  if (!hmac_secret && !bring_to_front(content.signing_keys, algorithm)) {
    auto key = SigningKey::generate(algorithm, random);
    if (!key) return Unexpected(std::move(key).error());
    content.signing_keys.insert(content.signing_keys.begin(), std::move(*key));
    must_store = true;
  }
  std::vector<SigningKey> keys = content.signing_keys;
  if (hmac_secret) {
    auto key = SigningKey::from_hmac_secret(*hmac_secret);
    if (!key) return Unexpected(std::move(key).error());
    keys.insert(keys.begin(), std::move(*key));
  }
  auto set = verification_keys_of(keys);
  if (!set) return fail(ErrorCode::kInternal, directory + "/keys.json: " + set.error().message);
  if (must_store) {
    if (auto stored = file->store(content); !stored) return Unexpected(std::move(stored).error());
  }
  return KeyRing(std::move(keys), std::move(*set), std::move(content.refresh_key));
}

std::string KeyRing::jwks_json() const {
  std::string json = "{\"keys\":[";
  bool is_first = true;
  for (const SigningKey& key : signing_keys_) {
    if (key.algorithm() == Algorithm::kHs256) continue;
    if (!std::exchange(is_first, false)) json += ',';
    json += key.public_jwk();
  }
  return json + "]}";
}

}  // namespace rescind
