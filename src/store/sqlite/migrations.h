// The schema, as numbered steps. A step that was released is never edited: databases out there have taken it.
#ifndef RESCIND_STORE_SQLITE_MIGRATIONS_H_
#define RESCIND_STORE_SQLITE_MIGRATIONS_H_

#include <array>
#include <string_view>

#include "base/error.h"
#include "store/sqlite/connection.h"

namespace rescind::sqlite {

// kMigrations[n] leads from user_version n to n + 1. The texts are the files in migrations/.
extern const std::array<std::string_view, 4> kMigrations;

// Marks a database as ours ("RSCD").
inline constexpr int kApplicationId = 0x52534344;

// Takes the steps that are missing, each in a transaction with its new user_version. Refuses a database of a newer program
// and one that is not ours. Throws SqliteError.
Result<void> migrate(Connection& connection);

}  // namespace rescind::sqlite

#endif  // RESCIND_STORE_SQLITE_MIGRATIONS_H_
