// The revocation index: the set of live revocations that a verifier consults, and its one writer.
//
// One entry per key. Applying a revocation is idempotent and commutative: of two with one key the stricter value and the
// later expiry hold, so entries may arrive twice or out of order. About 16 bytes an entry (docs/index-format.md).
//
// Thread-safety: any thread may call any member. Those that change something wait for each other, readers for nobody.
#ifndef RESCIND_REVOCATION_INDEX_H_
#define RESCIND_REVOCATION_INDEX_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>

#include "rescind/index_memory.h"
#include "rescind/result.h"
#include "rescind/revocation.h"
#include "rescind/revocation_view.h"

namespace rescind {

class RevocationIndex : public RevocationView {
 public:
  // An empty index. Precondition: the first 2 MiB of `memory` are committed or can be.
  explicit RevocationIndex(std::unique_ptr<IndexMemory> memory = reserve_heap_memory());
  ~RevocationIndex();
  RevocationIndex(const RevocationIndex&) = delete;
  RevocationIndex& operator=(const RevocationIndex&) = delete;

  // Every view refuses what it matches when this returns. kFull: an entry that could not be taken up is one that nobody
  // refuses, so its caller must let no lease be renewed until it was applied.
  Result<void, IndexError> apply(const Revocation& revocation);
  // In this order, up to the first that fails; faster than one at a time.
  Result<void, IndexError> apply(std::span<const Revocation> revocations);

  // Removes every entry with expires <= until and raises horizon() to `until`. Returns how many went. A verifier calls it with
  // its time less its leeway: until then a matching token may be accepted. Works in steps of some microseconds, between which
  // others that change something go first.
  std::size_t purge(std::chrono::sys_seconds until);

  void raise_horizon(std::chrono::sys_seconds horizon);

  // See RevocationView::lease_is_live().
  void stamp_lease(std::chrono::nanoseconds until_boot_time);

 private:
  struct Writer;
  explicit RevocationIndex(std::unique_ptr<Writer> writer);
  const std::unique_ptr<Writer> writer_;
};

}  // namespace rescind

#endif  // RESCIND_REVOCATION_INDEX_H_
