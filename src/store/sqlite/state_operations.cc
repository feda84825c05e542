#include <limits>

#include "store/sqlite/operations.h"
#include "store/sqlite/rows.h"

namespace rescind::sqlite {
namespace {

constexpr std::string_view kLoad = "SELECT revocation_head, horizon, longest_token_lifetime, latest FROM meta WHERE id = 1";
constexpr std::string_view kRaiseLifetime =
    "UPDATE meta SET longest_token_lifetime = ?1 WHERE id = 1 AND longest_token_lifetime < ?1";
constexpr std::string_view kRaiseHorizon = "UPDATE meta SET horizon = ?1 WHERE id = 1 AND horizon < ?1";
constexpr std::string_view kNoteTime = "UPDATE meta SET latest = ?1 WHERE id = 1 AND latest < ?1";
constexpr std::string_view kPurgeRevocations =
    "DELETE FROM revocations WHERE seq IN (SELECT seq FROM revocations WHERE expires <= ?1 ORDER BY expires LIMIT ?2)";
constexpr std::string_view kPurgeEnded =
    "DELETE FROM sessions WHERE rowid IN "
    "(SELECT rowid FROM sessions WHERE ended_at IS NOT NULL AND ended_at <= ?1 ORDER BY ended_at LIMIT ?2)";
constexpr std::string_view kPurgeExpired =
    "DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)";
constexpr std::string_view kPurgeEvents =
    "DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE at < ?1 ORDER BY at LIMIT ?2)";

constexpr std::string_view kPurgeChallenges =
    "DELETE FROM challenges WHERE made IN (SELECT made FROM challenges WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)";
constexpr std::string_view kPurgeAttempts =
    "DELETE FROM attempts WHERE bucket IN (SELECT bucket FROM attempts WHERE last_at <= ?1 ORDER BY last_at LIMIT ?2)";
constexpr std::string_view kPurgeApiKeys =
    "DELETE FROM api_keys WHERE rowid IN "
    "(SELECT rowid FROM api_keys WHERE revoked_at IS NOT NULL AND revoked_at < ?1 ORDER BY revoked_at LIMIT ?2)";

}  // namespace

StoreState load_state(Connection& connection) {
  Query query = connection.query(kLoad);
  if (!query.step() || query.int64_at(0) < 0) throw_corrupt();
  StoreState state;
  state.head = static_cast<std::uint64_t>(query.int64_at(0));
  state.horizon = query.seconds_at(1);
  state.longest_token_lifetime = std::chrono::seconds(query.int64_at(2));
  state.latest = query.time_at(3);
  return state;
}

void raise_longest_token_lifetime(Connection& connection, std::chrono::seconds lifetime) {
  connection.run(kRaiseLifetime, lifetime);
}

// The jobs of a batch come within milliseconds of each other, and most of them would change nothing.
void note_time(Connection& connection, WallTime moment) {
  if (moment <= connection.noted_time()) return;
  connection.run(kNoteTime, moment);
  connection.set_noted_time(moment);
}

std::chrono::sys_seconds expiry_of(Connection& connection, const RevocationOfIssued& revocation) {
  return to_seconds(load_state(connection).latest) + revocation.token_lifetime;
}

Purged purge(Connection& connection, WallTime now, std::size_t limit) {
  Purged purged;
  purged.revocations = connection.run(kPurgeRevocations, to_seconds(now), to_integer(limit));
  purged.sessions = connection.run(kPurgeEnded, WallTime(now - kSessionRetention), to_integer(limit));
  purged.sessions += connection.run(kPurgeExpired, WallTime(now - kSessionRetention), to_integer(limit - purged.sessions));
  purged.events = connection.run(kPurgeEvents, WallTime(now - kEventRetention), to_integer(limit));
  purged.challenges = connection.run(kPurgeChallenges, now, to_integer(limit));
  purged.attempts = connection.run(kPurgeAttempts, WallTime(now - kAttemptRetention), to_integer(limit));
  purged.api_keys = connection.run(kPurgeApiKeys, WallTime(now - kEventRetention), to_integer(limit));
  connection.run(kRaiseHorizon, to_seconds(now));
  note_time(connection, now);
  return purged;
}

std::int64_t to_integer(std::uint64_t number) {
  constexpr auto kGreatest = std::numeric_limits<std::int64_t>::max();
  return number > static_cast<std::uint64_t>(kGreatest) ? kGreatest : static_cast<std::int64_t>(number);
}

}  // namespace rescind::sqlite
