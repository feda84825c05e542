#include "bench/server/fill_store.h"

#include <sqlite3.h>

#include <array>
#include <cstring>

#include "base/clock.h"
#include "bench/server/work_directory.h"
#include "rescind/revocation.h"
#include "store/sqlite/sqlite_store.h"

namespace rescind::bench {
namespace {

constexpr std::size_t kSessionsOfAUser = 10;

// splitmix64: neighbours lie far apart.
std::uint64_t spread(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return number ^ (number >> 31);
}

std::int64_t now_ms() { return SystemClock().wall_now().time_since_epoch().count(); }

// One transaction, not flushed, with a cache that holds everything.
class Filling {
 public:
  explicit Filling(const std::string& path) {
    SqliteOptions options;
    options.path = path;
    if (!SqliteStore::open(options)) give_up("cannot make " + path);
    if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK) give_up("cannot open " + path);
    execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000; PRAGMA foreign_keys = OFF; BEGIN");
  }
  ~Filling() {
    // All of it is on the disk before anything is measured.
    execute("COMMIT; PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_close_v2(database_);
  }
  Filling(const Filling&) = delete;
  Filling& operator=(const Filling&) = delete;

  void execute(const std::string& sql) {
    if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) give_up(sqlite3_errmsg(database_));
  }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) != SQLITE_OK) give_up(sqlite3_errmsg(database_));
    return statement;
  }
  void step(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) give_up(sqlite3_errmsg(database_));
    sqlite3_reset(statement);
  }

 private:
  sqlite3* database_ = nullptr;
};

}  // namespace

SessionId filled_session(std::uint64_t number) {
  SessionId id;
  const std::uint64_t words[] = {spread(number), spread(number ^ 0x5e55)};
  std::memcpy(id.bytes.data(), words, sizeof words);
  return id;
}

std::string filled_user(std::uint64_t number) { return "user-" + std::to_string(spread(number / kSessionsOfAUser)); }

void fill_revocations(const std::string& database, std::size_t count, std::chrono::seconds lives) {
  constexpr std::array kKinds{RevocationKind::kToken, RevocationKind::kSession, RevocationKind::kUser};
  Filling filling(database);
  sqlite3_stmt* const insert =
      filling.prepare("INSERT INTO revocations (seq, kind, key, value, expires) VALUES (?1, ?4, ?2, ?5, ?3)");
  const std::int64_t expires = now_ms() / 1000 + lives.count();
  for (std::size_t i = 1; i <= count; ++i) {
    const SessionId key = filled_session(i);
    sqlite3_bind_int64(insert, 1, static_cast<std::int64_t>(i));
    sqlite3_bind_blob(insert, 2, key.bytes.data(), static_cast<int>(key.bytes.size()), SQLITE_TRANSIENT);
    // They expire one after the other, as they were made.
    sqlite3_bind_int64(insert, 3, expires + static_cast<std::int64_t>(i * 600 / count));
    const RevocationKind kind = kKinds[i % kKinds.size()];
    sqlite3_bind_int64(insert, 4, static_cast<std::int64_t>(kind));
    sqlite3_bind_int64(insert, 5, kind == RevocationKind::kUser ? 1 : 0);
    filling.step(insert);
  }
  sqlite3_finalize(insert);
  filling.execute("UPDATE meta SET revocation_head = " + std::to_string(count));
}

void fill_sessions(const std::string& database, std::uint64_t first, std::size_t count, std::chrono::seconds lives) {
  Filling filling(database);
  sqlite3_stmt* const user = filling.prepare(
      "INSERT INTO users (id, email, name, password_hash, token_version, roles, created_at) VALUES (?1, '', '', '', 1, '', "
      "?2)");
  sqlite3_stmt* const session = filling.prepare(
      "INSERT INTO sessions (id, user_id, generation, generation_at, created_at, last_used_at, expires_at, device, user_agent, "
      "address, amr, client_id, claims) VALUES (?1, ?2, 1, ?3, ?3, ?3, ?4, 'phone', 'Mozilla/5.0 (X11; Linux x86_64) Gecko', "
      "'192.0.2.7', '3:pwd,', '', '')");
  const std::int64_t now = now_ms();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string owner = filled_user(first + i);
    if (i % kSessionsOfAUser == 0) {
      sqlite3_bind_text(user, 1, owner.data(), static_cast<int>(owner.size()), SQLITE_TRANSIENT);
      sqlite3_bind_int64(user, 2, now);
      filling.step(user);
    }
    const SessionId id = filled_session(first + i);
    sqlite3_bind_blob(session, 1, id.bytes.data(), static_cast<int>(id.bytes.size()), SQLITE_TRANSIENT);
    sqlite3_bind_text(session, 2, owner.data(), static_cast<int>(owner.size()), SQLITE_TRANSIENT);
    sqlite3_bind_int64(session, 3, now);
    sqlite3_bind_int64(session, 4, now + lives.count() * 1000 + static_cast<std::int64_t>(i * 600'000 / count));
    filling.step(session);
  }
  sqlite3_finalize(user);
  sqlite3_finalize(session);
}

}  // namespace rescind::bench
