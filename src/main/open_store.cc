#include "main/open_store.h"

#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"

namespace rescind {

Result<std::unique_ptr<Store>> open_store(const StoreConfig& config) {
  switch (config.kind) {
    case StoreKind::kMemory: return std::unique_ptr<Store>(std::make_unique<MemoryStore>());
    case StoreKind::kSqlite: {
      SqliteOptions options;
      options.path = config.path;
      options.max_queued_writes = config.max_queued;
      options.max_queued_reads = config.max_queued;
      auto store = SqliteStore::open(std::move(options));
      if (!store) return Unexpected(std::move(store).error());
      return std::unique_ptr<Store>(std::move(*store));
    }
  }
  return fail(ErrorCode::kInternal, "store.url: unknown kind");
}

}  // namespace rescind
