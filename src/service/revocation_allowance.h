// How many entries one user's own acts may add to the revocation index: who signs in and out without end, or has token after
// token revoked, must not fill it (each entry is small, and there is no end to them).
//
// Up to kMaxOwnRevocations within a window each act adds its own entry. Beyond, it raises the user's token version instead: one
// entry, which takes the place of the one before it. A window is as long as an entry lives, so a user's entries that are alive
// are never more than two windows' worth, and what is under way when a window is used up.
//
// Counts by a digest in a table of fixed size, whatever the number of users. Two users may share a count: it is never too low.
// Forgotten at a restart.
#ifndef RESCIND_SERVICE_REVOCATION_ALLOWANCE_H_
#define RESCIND_SERVICE_REVOCATION_ALLOWANCE_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "base/ids.h"
#include "base/mutex.h"

namespace rescind {

inline constexpr std::uint32_t kMaxOwnRevocations = 1000;

// Thread-safety: any thread may call any member.
class RevocationAllowance {
 public:
  // With a key of its own, so that nobody outside can choose a user who shares somebody's counts.
  using Key = std::array<std::uint8_t, 32>;
  explicit RevocationAllowance(const Key& key);

  // `window`: how long an entry lives.
  std::uint32_t left(const UserId& user, SteadyTime now, std::chrono::seconds window) EXCLUDES(mutex_);
  bool is_used_up(const UserId& user, SteadyTime now, std::chrono::seconds window) { return left(user, now, window) == 0; }
  void count(const UserId& user, SteadyTime now, std::chrono::seconds window) EXCLUDES(mutex_);

 private:
  // Each user has one count in each of the rows, and the lower one counts: that another shares both is rare.
  static constexpr std::size_t kRows = 2;
  static constexpr std::size_t kColumns = 16'384;
  using Counts = std::array<std::array<std::uint32_t, kColumns>, kRows>;
  using Own = std::array<std::uint32_t*, kRows>;

  Own find_counts(const UserId& user, SteadyTime now, std::chrono::seconds window) REQUIRES(mutex_);

  const Key key_;
  Mutex mutex_;
  SteadyTime window_began_ GUARDED_BY(mutex_){};
  const std::unique_ptr<Counts> counts_;  // what it points at is guarded by mutex_
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_REVOCATION_ALLOWANCE_H_
