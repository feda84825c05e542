// The life of the server's keys while it runs: the schedule, an administrator's rotation, an emergency's removal
// of one key or of all.
//
// Each change is decided purely (token/key_life.h), written to the key file, and only then in use: first where tokens are
// checked, then where they are signed.
#ifndef RESCIND_SERVICE_KEY_ROTATION_H_
#define RESCIND_SERVICE_KEY_ROTATION_H_

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/random.h"
#include "service/revocations.h"
#include "service/token_check.h"
#include "store/store.h"
#include "token/current_keys.h"
#include "token/key_life.h"

namespace rescind {

// A signing key as an administrator sees it. An operator's secret has no times.
struct KeyDescription {
  std::string key_id;
  Algorithm algorithm = Algorithm::kEs256;
  KeyState state = KeyState::kNext;
  std::optional<WallTime> published_at;
  std::optional<WallTime> active_at;  // of a next key: when it will be; absent where nothing says so
  std::optional<WallTime> retired_at;
  std::optional<WallTime> removed_at;  // when it will be
};

// Thread-safety: any thread may call any member but join().
class KeyRotation {
 public:
  // `place` and `secrets` are those that `keys` came from.
  KeyRotation(KeyPolicy policy, KeyPlace place, OperatorSecrets secrets, CurrentKeys& keys, TokenCheck& check, Store& store,
              const Clock& clock, Random& random, Log& log);

  std::vector<KeyDescription> list() const;

  // Does what is due; to be called every few moments. Where that fails, the keys that are there go on.
  Task<Result<void>> settle();

  // As rotate_keys().
  Task<Result<void>> rotate(RotationPace pace, Actor actor);

  // As remove_key(). On return this server refuses every token that the key has signed, and publishes the key no more.
  // kInvalidRequest where it is an operator's secret.
  Task<Result<void>> remove(std::string key_id, Actor actor);

  // As remove_all_keys(). On return nothing that a key of the file has signed is taken any more, no refresh token either: every
  // user signs in anew.
  Task<Result<void>> remove_all(Actor actor);

  // Waits for the change that is being made; to be called before the contexts go from which changes were asked for.
  void join() { thread_.join(); }

 private:
  using Decide = std::function<Result<std::optional<KeyChange>>(const ServerKeys& keys, WallTime now)>;
  Task<Result<void>> change(Decide decide, Actor actor);
  Result<std::vector<KeyNotice>> apply(const Decide& decide);
  Task<void> tell(KeyNotice notice, Actor actor);

  const KeyPolicy policy_;
  const KeyPlace place_;
  const OperatorSecrets secrets_;
  CurrentKeys& keys_;
  TokenCheck& check_;
  Store& store_;
  const Clock& clock_;
  Random& random_;
  Log& log_;
  boost::asio::thread_pool thread_{1};  // making and writing keys takes long; and one change follows the other
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_KEY_ROTATION_H_
