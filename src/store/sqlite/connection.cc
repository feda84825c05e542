#include "store/sqlite/connection.h"

#include <sqlite3.h>

#include <algorithm>

namespace rescind::sqlite {
namespace {

constexpr int kBusyTimeoutMs = 5000;
constexpr int kRestartTimeoutMs = 100;
constexpr int kMaxValueBytes = 1 << 20;

void check(sqlite3* database, int code) {
  if (code != SQLITE_OK) throw SqliteError(database == nullptr ? code : sqlite3_extended_errcode(database));
}

int remember_wal_pages(void* counter, sqlite3* /*database*/, const char* /*name*/, int pages) {
  *static_cast<std::size_t*>(counter) = static_cast<std::size_t>(pages);
  return SQLITE_OK;
}

// Nobody asks how much memory SQLite has; counting it takes a lock for each of its allocations, thirty for a refresh.
void configure_library() {
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // fails where SQLite runs already, and may
  static_cast<void>(configured);
}

}  // namespace

const char* SqliteError::what() const noexcept { return sqlite3_errstr(code_); }

void throw_corrupt() { throw SqliteError(SQLITE_CORRUPT); }
void throw_transaction_open() { throw SqliteError(SQLITE_ERROR); }

bool concerns_one_job(const SqliteError& error) {
  const int code = error.code() & 0xff;
  return code == SQLITE_CONSTRAINT || code == SQLITE_TOOBIG || code == SQLITE_CORRUPT;
}

Error unavailable(std::string message) {
  return Error{ErrorCode::kStoreUnavailable, std::move(message), std::chrono::seconds(1)};
}

Error to_error(const SqliteError& error) {
  switch (error.code() & 0xff) {
    case SQLITE_TOOBIG:
    case SQLITE_CONSTRAINT: return Error{ErrorCode::kInternal, "the database refused a row", std::nullopt};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return unavailable("the database is damaged, or not a database");
    case SQLITE_FULL: return unavailable("the disk is full");
    case SQLITE_IOERR: return unavailable("the database file cannot be read or written");
    default: return unavailable(std::string("the database does not answer: ") + error.what());
  }
}

void Connection::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }
void Connection::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Connection::Connection(const ConnectionOptions& options) {
  configure_library();
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(options.path.c_str(), &opened, flags, options.vfs.empty() ? nullptr : options.vfs.c_str());
  database_.reset(opened);
  check(opened, code);
  configure(options);
}

Connection::~Connection() = default;

void Connection::configure(const ConnectionOptions& options) {
  sqlite3* database = database_.get();
  check(database, sqlite3_busy_timeout(database, kBusyTimeoutMs));
  check(database, sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr));
  check(database, sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr));
  check(database, sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr));
  check(database, sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr));
  sqlite3_limit(database, SQLITE_LIMIT_LENGTH, kMaxValueBytes);
  execute("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY");
  {
    Query mode = query("PRAGMA journal_mode = WAL");
    if (!mode.step() || mode.text_at(0) != "wal") throw SqliteError(SQLITE_CANTOPEN);
  }
  execute(options.synchronous == Synchronous::kFull ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  check(database, sqlite3_wal_autocheckpoint(database, 0));
  sqlite3_wal_hook(database, remember_wal_pages, &wal_pages_);
  if (options.access == Access::kReadOnly) execute("PRAGMA query_only = ON");
}

sqlite3_stmt* Connection::prepare(std::string_view sql) {
  const auto kept = statements_.find(sql.data());
  if (kept != statements_.end()) return kept->second.get();
  sqlite3_stmt* made = nullptr;
  check(database_.get(), sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &made, nullptr));
  statements_.emplace(sql.data(), made);
  return made;
}

std::size_t Connection::changed_rows() const { return static_cast<std::size_t>(sqlite3_changes64(database_.get())); }

void Connection::execute(const std::string& sql) {
  check(database_.get(), sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr));
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

bool Connection::roll_back() {
  noted_time_ = {};
  if (in_transaction()) sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  return !in_transaction();
}

void Connection::roll_back_part() {
  noted_time_ = {};
  run("ROLLBACK TO part");
  run("RELEASE part");
}

Connection::Checkpointed Connection::checkpoint(Checkpoint mode) {
  int in_log = 0;
  int written = 0;
  sqlite3_busy_timeout(database_.get(), kRestartTimeoutMs);
  const int code = sqlite3_wal_checkpoint_v2(
      database_.get(), nullptr, mode == Checkpoint::kPassive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART, &in_log,
      &written);
  sqlite3_busy_timeout(database_.get(), kBusyTimeoutMs);
  if (code == SQLITE_OK && mode == Checkpoint::kRestart) wal_pages_ = 0;
  return {code == SQLITE_OK, static_cast<std::size_t>(std::max(in_log, 0)), static_cast<std::size_t>(std::max(written, 0))};
}

}  // namespace rescind::sqlite
