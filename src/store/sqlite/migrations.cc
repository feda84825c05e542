#include "store/sqlite/migrations.h"

#include <cstddef>
#include <string>

namespace rescind::sqlite {
namespace {

std::int64_t read_number(Connection& connection, std::string_view sql) {
  Query query = connection.query(sql);
  return query.step() ? query.int64_at(0) : 0;
}

}  // namespace

Result<void> migrate(Connection& connection) {
  const std::int64_t version = read_number(connection, "PRAGMA user_version");
  if (version < 0 || version > static_cast<std::int64_t>(kMigrations.size())) {
    return fail(ErrorCode::kStoreUnavailable, "the database is of version " + std::to_string(version) +
                                                  ", newer than this program, which knows versions up to " +
                                                  std::to_string(kMigrations.size()));
  }
  const bool is_ours = read_number(connection, "PRAGMA application_id") == kApplicationId;
  const bool is_empty = read_number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
  if (!is_ours && (version != 0 || !is_empty)) {
    return fail(ErrorCode::kStoreUnavailable, "the file is a database of another program");
  }
  for (auto next = static_cast<std::size_t>(version); next < kMigrations.size(); ++next) {
    connection.execute("BEGIN IMMEDIATE");
    connection.execute(std::string(kMigrations[next]));
    connection.execute("PRAGMA application_id = " + std::to_string(kApplicationId));
    connection.execute("PRAGMA user_version = " + std::to_string(next + 1));
    connection.execute("COMMIT");
  }
  return {};
}

}  // namespace rescind::sqlite
