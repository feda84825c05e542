#include <algorithm>
#include <limits>

#include "store/sqlite/operations.h"

namespace rescind::sqlite {
namespace {

constexpr std::string_view kFind = "SELECT failures, last_at, succeeded_at FROM attempts WHERE bucket = ?1";
constexpr std::string_view kStore =
    "INSERT INTO attempts (bucket, failures, last_at, succeeded_at) VALUES (?1, ?2, ?3, ?4) "
    "ON CONFLICT (bucket) DO UPDATE SET failures = ?2, last_at = ?3, succeeded_at = ?4";

std::optional<Attempts> find_attempts(Connection& connection, const AttemptBucket& bucket) {
  Query query = connection.query(kFind, std::span<const std::uint8_t>(bucket.bytes));
  if (!query.step()) return std::nullopt;
  const std::int64_t failures = query.int64_at(0);
  if (failures < 0 || failures > std::numeric_limits<std::uint32_t>::max()) throw_corrupt();
  Attempts attempts{static_cast<std::uint32_t>(failures), query.time_at(1), std::nullopt};
  if (!query.null_at(2)) attempts.succeeded_at = query.time_at(2);
  return attempts;
}

void store_attempts(Connection& connection, const AttemptBucket& bucket, const Attempts& attempts) {
  connection.run(kStore, std::span<const std::uint8_t>(bucket.bytes), std::int64_t{attempts.failures}, attempts.last_at,
                 attempts.succeeded_at);
}

}  // namespace

BeginAttemptOutcome begin_attempt(Connection& connection, const std::vector<AttemptRule>& rules, WallTime now) {
  std::vector<Attempts> found;
  std::optional<std::chrono::seconds> wait;
  for (const AttemptRule& rule : rules) {
    found.push_back(find_attempts(connection, rule.bucket).value_or(Attempts{}));
    if (rule.waived_by && is_waived(find_attempts(connection, *rule.waived_by), now)) continue;
    const auto here = decide_wait(found.back(), now, rule.limit);
    if (here) wait = std::max(wait.value_or(*here), *here);
  }
  if (wait) return AttemptTooEarly{*wait};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    store_attempts(connection, rules[i].bucket, count_attempt(found[i], now, rules[i].limit));
  }
  note_time(connection, now);
  return AttemptAllowed{};
}

void settle_attempt(Connection& connection, const std::vector<SettledBucket>& buckets, WallTime now) {
  for (const SettledBucket& settled : buckets) {
    auto found = find_attempts(connection, settled.bucket);
    // A success is remembered where no attempt has counted, too.
    if (!found && settled.settlement == Settlement::kReset) found = Attempts{0, now, std::nullopt};
    if (found) store_attempts(connection, settled.bucket, rescind::settle_attempt(*found, now, settled.settlement));
  }
  note_time(connection, now);
}

}  // namespace rescind::sqlite
