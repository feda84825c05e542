#include "service/api_keys.h"

#include <algorithm>
#include <array>
#include <utility>

#include "rescind/base64url.h"
#include "verify/sha256.h"

namespace rescind {
namespace {

constexpr std::string_view kPrefix = "rk1.";
constexpr std::size_t kIdBytes = sizeof(ApiKeyId::bytes);
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kTextChars = (kIdBytes + kSecretBytes) / 3 * 4;

using Content = std::array<std::uint8_t, kIdBytes + kSecretBytes>;  // id, secret

ApiKeyId id_of(const Content& content) {
  ApiKeyId id;
  std::copy_n(content.begin(), kIdBytes, id.bytes.begin());
  return id;
}

Sha256Digest digest_of_secret(const Content& content) {
  return sha256({std::string_view(reinterpret_cast<const char*>(content.data()) + kIdBytes, kSecretBytes)});
}

std::optional<Content> decode(std::string_view text) {
  if (text.size() != kPrefix.size() + kTextChars || !text.starts_with(kPrefix)) return std::nullopt;
  Content content{};
  if (!base64url_decode_to(text.substr(kPrefix.size()), content)) return std::nullopt;
  return content;
}

EventDraft event_of(EventType type, const ApiKeyId& id, std::string_view name, Actor actor, WallTime now) {
  std::string detail = id.text();
  if (!name.empty()) detail.append(", ").append(name);
  return {type, std::nullopt, std::nullopt, std::move(actor.address), now, std::move(detail), std::move(actor.by)};
}

}  // namespace

ApiKeys::ApiKeys(Secret first_key, Store& store, const Clock& clock, Random& random)
    : first_key_(std::move(first_key)), store_(store), clock_(clock), random_(random) {}

Task<Result<void>> ApiKeys::load() {
  Result<std::vector<ApiKey>> keys = co_await store_.list_api_keys();
  if (!keys) co_return Unexpected(std::move(keys).error());
  MutexLock lock(mutex_);
  for (const ApiKey& key : *keys) {
    if (!key.revoked_at) live_.emplace(key.id, Live{key.secret_digest, ApiScopes::known_of(key.scopes)});
  }
  co_return Result<void>();
}

std::optional<ApiKeyHolder> ApiKeys::check(std::string_view text) const {
  if (equal_in_constant_time(text, first_key_.reveal())) {
    return ApiKeyHolder{ApiScopes::all(), std::string(kFirstApiKeyName)};
  }
  const std::optional<Content> content = decode(text);
  if (!content) return std::nullopt;
  const Sha256Digest digest = digest_of_secret(*content);
  const ApiKeyId id = id_of(*content);
  MutexLock lock(mutex_);
  const auto found = live_.find(id);
  if (found == live_.end() || !equal_in_constant_time(found->second.secret_digest, digest)) return std::nullopt;
  return ApiKeyHolder{found->second.scopes, id.text()};
}

Task<Result<CreatedApiKey>> ApiKeys::create(NewApiKey wanted, ApiScopes of_creator, Actor actor) {
  const std::optional<ApiScopes> scopes = ApiScopes::parse(wanted.scopes);
  if (!scopes || *scopes == ApiScopes()) {
    co_return fail(ErrorCode::kInvalidRequest, "\"scopes\" must name at least one scope, and known ones only");
  }
  if (!of_creator.contains(*scopes)) {
    co_return fail(ErrorCode::kInsufficientScope, "an API key can give away those scopes only that it has itself");
  }
  Content content{};
  random_.fill(content);
  const WallTime now = clock_.wall_now();
  ApiKey key{id_of(content), std::move(wanted.name), std::move(wanted.scopes), digest_of_secret(content), now, std::nullopt};
  // Before the commit, so that whoever finds it in the store and revokes it finds it here, too. Nobody knows its text yet.
  {
    MutexLock lock(mutex_);
    live_.emplace(key.id, Live{key.secret_digest, *scopes});
  }
  EventDraft event = event_of(EventType::kApiKeyCreated, key.id, key.name, std::move(actor), now);
  Result<CreateApiKeyOutcome> made = co_await store_.create_api_key(key, std::move(event));
  if (!made || std::holds_alternative<ApiKeyLimitReached>(*made)) {
    MutexLock lock(mutex_);
    live_.erase(key.id);
  }
  if (!made) co_return Unexpected(std::move(made).error());
  if (std::holds_alternative<ApiKeyLimitReached>(*made)) {
    co_return fail(ErrorCode::kInvalidRequest, "there are as many API keys as there may be; revoke one first");
  }
  co_return CreatedApiKey{std::move(key), Secret(std::string(kPrefix) + base64url_encode(content))};
}

Task<Result<std::vector<ApiKey>>> ApiKeys::list() { return store_.list_api_keys(); }

Task<Result<void>> ApiKeys::revoke(ApiKeyId id, Actor actor) {
  {
    MutexLock lock(mutex_);
    live_.erase(id);
  }
  const WallTime now = clock_.wall_now();
  EventDraft event = event_of(EventType::kApiKeyRevoked, id, {}, std::move(actor), now);
  Result<bool> revoked = co_await store_.revoke_api_key(id, now, std::move(event));
  if (!revoked) co_return Unexpected(std::move(revoked).error());
  if (!*revoked) co_return fail(ErrorCode::kNotFound, "no such API key, or it was revoked before");
  co_return Result<void>();
}

}  // namespace rescind
