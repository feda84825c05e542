#include "store/sqlite/inspection.h"

#include <sqlite3.h>

#include <memory>
#include <optional>

#include "store/sqlite/connection.h"
#include "store/sqlite/migrations.h"

namespace rescind {
namespace {

constexpr int kBusyTimeoutMs = 1000;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

Error failure(int code) { return sqlite::to_error(sqlite::SqliteError(code)); }

// The one number of the one row that `sql` gives.
Result<std::int64_t> read_number(sqlite3* database, const char* sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v2(database, sql, -1, &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, Close> statement(prepared);
  if (code != SQLITE_OK) return Unexpected(failure(code));
  const int stepped = sqlite3_step(prepared);
  if (stepped != SQLITE_ROW) return Unexpected(failure(stepped == SQLITE_DONE ? SQLITE_CORRUPT : stepped));
  return std::int64_t{sqlite3_column_int64(prepared, 0)};
}

}  // namespace

Result<SqliteInspection> inspect_sqlite(const std::string& path) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  const std::unique_ptr<sqlite3, Close> database(opened);
  if (code != SQLITE_OK) return Unexpected(failure(code));
  sqlite3_busy_timeout(opened, kBusyTimeoutMs);
  const auto version = read_number(opened, "PRAGMA user_version");
  if (!version) return Unexpected(version.error());
  const auto application = read_number(opened, "PRAGMA application_id");
  if (!application) return Unexpected(application.error());
  const auto tables = read_number(opened, "SELECT count(*) FROM sqlite_schema");
  if (!tables) return Unexpected(tables.error());
  if (*application != sqlite::kApplicationId && (*version != 0 || *tables != 0)) {
    return Unexpected(sqlite::unavailable("the file is a database of another program"));
  }
  SqliteInspection inspection{*version, static_cast<std::int64_t>(sqlite::kMigrations.size()), {}};
  if (*version == 0 || *version > inspection.newest_known) return inspection;
  const auto latest = read_number(opened, "SELECT latest FROM meta WHERE id = 1");
  if (!latest) return Unexpected(latest.error());
  inspection.latest = WallTime(std::chrono::milliseconds(*latest));
  return inspection;
}

}  // namespace rescind
