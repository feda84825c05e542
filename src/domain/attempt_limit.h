// How often somebody may guess: a back-off for each bucket of log-in attempts. Pure; the store keeps the buckets, so that a
// restart forgives nobody.
//
// A log-in counts in three buckets: the account from this address, the account from anywhere, the address for any account.
// The narrow one is strict. The wide ones are lenient, and an account's wide one does not hold for an address from which
// its owner has signed in before, so that whoever guesses from elsewhere cannot keep the owner out.
#ifndef RESCIND_DOMAIN_ATTEMPT_LIMIT_H_
#define RESCIND_DOMAIN_ATTEMPT_LIMIT_H_

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace rescind {

// 128 bits of a digest over what the bucket is for: the store holds no e-mail address in clear here.
struct AttemptBucket {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const AttemptBucket&) const = default;
};

struct Attempts {
  std::uint32_t failures = 0;  // since the last success; an attempt counts as one until it is known to be none
  WallTime last_at;            // of the last attempt that was let through
  std::optional<WallTime> succeeded_at;
  bool operator==(const Attempts&) const = default;
};

struct AttemptLimit {
  std::uint32_t free_attempts = 5;         // without any wait
  std::chrono::seconds first_wait{1};      // then doubled with each further failure …
  std::chrono::seconds longest_wait{900};  // … up to here
  std::chrono::seconds memory{24 * 3600};  // after this long without an attempt all is forgotten
};

// How long the next attempt has to wait from `now`; absent where it need not. Rounded up to whole seconds.
std::optional<std::chrono::seconds> decide_wait(const Attempts& attempts, WallTime now, const AttemptLimit& limit);

// The bucket after one more attempt was let through.
Attempts count_attempt(const Attempts& attempts, WallTime now, const AttemptLimit& limit);

// How long after a success a bucket waives the wait of another one.
inline constexpr std::chrono::hours kTrustAfterSuccess{30 * 24};

// One bucket that an attempt counts in.
struct AttemptRule {
  AttemptBucket bucket;
  AttemptLimit limit;
  std::optional<AttemptBucket> waived_by;  // no wait here where that one has succeeded within kTrustAfterSuccess
};

// What becomes of a bucket when it is known what the attempt was.
enum class Settlement : std::uint8_t {
  kReset,     // good: its failures are forgotten, and the success is remembered
  kTakeBack,  // good: this attempt is forgotten, and the success is remembered
  kNotTried,  // neither: this attempt is forgotten, because nobody had the time to look at it
};

Attempts settle_attempt(const Attempts& attempts, WallTime now, Settlement settlement);
bool is_waived(const std::optional<Attempts>& by, WallTime now);

}  // namespace rescind

#endif  // RESCIND_DOMAIN_ATTEMPT_LIMIT_H_
