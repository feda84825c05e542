// From `store.url` to a store.
#ifndef RESCIND_MAIN_OPEN_STORE_H_
#define RESCIND_MAIN_OPEN_STORE_H_

#include <memory>

#include "base/error.h"
#include "main/config.h"
#include "store/store.h"

namespace rescind {

Result<std::unique_ptr<Store>> open_store(const StoreConfig& config);

}  // namespace rescind

#endif  // RESCIND_MAIN_OPEN_STORE_H_
