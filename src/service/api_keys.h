// API keys: made once, shown once, checked from memory, revoked at once.
//
// The keys that are alive are few (kMaxApiKeys), so all of them are here and none is anywhere else: a check asks no store,
// however many unknown keys are tried, and a key is refused from the moment that its revocation is asked for.
#ifndef RESCIND_SERVICE_API_KEYS_H_
#define RESCIND_SERVICE_API_KEYS_H_

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "base/random.h"
#include "base/secret.h"
#include "domain/api_key.h"
#include "domain/api_scope.h"
#include "service/revocations.h"
#include "store/store.h"

namespace rescind {

struct NewApiKey {
  std::string name;
  std::vector<std::string> scopes;
};

struct CreatedApiKey {
  ApiKey key;
  Secret text;  // "rk1." and 64 characters of base64url: id and secret. It cannot be had again
};

// Whose key it is that was checked: what it may do, and what events call it (see Actor).
struct ApiKeyHolder {
  ApiScopes scopes;
  std::string name;
};

inline constexpr std::string_view kFirstApiKeyName = "admin_key";  // no id of a key is as short

// Thread-safety: any thread may call any member once load() is done.
class ApiKeys {
 public:
  // `first_key` has every scope and is no row of the store: it comes from the configuration.
  ApiKeys(Secret first_key, Store& store, const Clock& clock, Random& random);

  // Before anything is answered: until then only the first key is known.
  Task<Result<void>> load() EXCLUDES(mutex_);

  // Absent where `text` is no key that is alive.
  std::optional<ApiKeyHolder> check(std::string_view text) const EXCLUDES(mutex_);

  // kInvalidRequest where a scope is unknown, or there is none, or there are kMaxApiKeys already; kInsufficientScope where the
  // creator has not each of them itself.
  Task<Result<CreatedApiKey>> create(NewApiKey wanted, ApiScopes of_creator, Actor actor) EXCLUDES(mutex_);

  // Oldest first, revoked ones too.
  Task<Result<std::vector<ApiKey>>> list();

  // Refused from the call on, whatever the store answers; after a restart it stays so where the answer was good. kNotFound
  // where there is none, or it was revoked before.
  Task<Result<void>> revoke(ApiKeyId id, Actor actor) EXCLUDES(mutex_);

 private:
  struct Live {
    std::array<std::uint8_t, 32> secret_digest;
    ApiScopes scopes;
  };

  const Secret first_key_;
  Store& store_;
  const Clock& clock_;
  Random& random_;
  mutable Mutex mutex_;
  std::unordered_map<ApiKeyId, Live> live_ GUARDED_BY(mutex_);
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_API_KEYS_H_
