// The key ring that is in use now. A rotation replaces it whole, so that whoever has taken one finishes with it.
#ifndef RESCIND_TOKEN_CURRENT_KEYS_H_
#define RESCIND_TOKEN_CURRENT_KEYS_H_

#include <memory>
#include <utility>

#include "base/mutex.h"
#include "token/key_ring.h"

namespace rescind {

// Thread-safety: any thread may call any member. The lock is held for the copy of a pointer, a thousandth of what the cheapest
// asymmetric signature takes; a check of a token asks nothing here (service/token_check.h).
class CurrentKeys {
 public:
  explicit CurrentKeys(KeyRing ring) : ring_(std::make_shared<const KeyRing>(std::move(ring))) {}

  std::shared_ptr<const KeyRing> get() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return ring_;
  }

  // The next get() gives `ring`.
  void replace(KeyRing ring) EXCLUDES(mutex_) {
    auto fresh = std::make_shared<const KeyRing>(std::move(ring));
    MutexLock lock(mutex_);
    ring_.swap(fresh);
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const KeyRing> ring_ GUARDED_BY(mutex_);
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_CURRENT_KEYS_H_
