#include "domain/attempt_limit.h"

#include <algorithm>
#include <limits>

namespace rescind {
namespace {

bool is_forgotten(const Attempts& attempts, WallTime now, const AttemptLimit& limit) {
  return now >= attempts.last_at + limit.memory;
}

std::chrono::seconds wait_after(std::uint32_t failures, const AttemptLimit& limit) {
  std::chrono::seconds wait = limit.first_wait;
  for (std::uint32_t i = limit.free_attempts; i < failures && wait < limit.longest_wait; ++i) wait *= 2;
  return std::min(wait, limit.longest_wait);
}

std::uint32_t one_less(std::uint32_t failures) { return failures - (failures > 0 ? 1 : 0); }

}  // namespace

std::optional<std::chrono::seconds> decide_wait(const Attempts& attempts, WallTime now, const AttemptLimit& limit) {
  if (attempts.failures < limit.free_attempts || is_forgotten(attempts, now, limit)) return std::nullopt;
  const WallTime open_at = attempts.last_at + wait_after(attempts.failures, limit);
  if (now >= open_at) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(open_at - now);
}

Attempts count_attempt(const Attempts& attempts, WallTime now, const AttemptLimit& limit) {
  if (is_forgotten(attempts, now, limit)) return {1, now, attempts.succeeded_at};
  const bool is_full = attempts.failures == std::numeric_limits<std::uint32_t>::max();
  return {attempts.failures + (is_full ? 0 : 1), std::max(attempts.last_at, now), attempts.succeeded_at};
}

Attempts settle_attempt(const Attempts& attempts, WallTime now, Settlement settlement) {
  switch (settlement) {
    case Settlement::kReset: return {0, attempts.last_at, now};
    case Settlement::kTakeBack: return {one_less(attempts.failures), attempts.last_at, now};
    case Settlement::kNotTried: return {one_less(attempts.failures), attempts.last_at, attempts.succeeded_at};
  }
  return attempts;
}

bool is_waived(const std::optional<Attempts>& by, WallTime now) {
  return by && by->succeeded_at && now < *by->succeeded_at + kTrustAfterSuccess;
}

}  // namespace rescind
