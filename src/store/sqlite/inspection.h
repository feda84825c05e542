// A look at a database without a store: nothing is migrated, locked or written, and a server may be running on it.
#ifndef RESCIND_STORE_SQLITE_INSPECTION_H_
#define RESCIND_STORE_SQLITE_INSPECTION_H_

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/error.h"

namespace rescind {

struct SqliteInspection {
  std::int64_t version = 0;       // of the schema; 0: nothing is in it yet
  std::int64_t newest_known = 0;  // to this program
  WallTime latest{};              // the latest moment that the store remembers; 1970 where version is 0
};

// kStoreUnavailable, with a message for people, where there is no such file, or it is damaged or another program's.
Result<SqliteInspection> inspect_sqlite(const std::string& path);

}  // namespace rescind

#endif  // RESCIND_STORE_SQLITE_INSPECTION_H_
