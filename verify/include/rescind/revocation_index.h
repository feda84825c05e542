// The revocation index: the in-memory set of live revocations that a verifier consults.
//
// One row per key. Applying a revocation is idempotent and commutative: of two rows with one key the stricter value and the
// later expiry hold, so entries may arrive twice or out of order.
//
// Thread-safety: any thread may call any member.
#ifndef RESCIND_REVOCATION_INDEX_H_
#define RESCIND_REVOCATION_INDEX_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "rescind/result.h"
#include "rescind/revocation.h"
#include "rescind/revocation_view.h"

namespace rescind {

enum class IndexError : std::uint8_t {
  kFull,  // no room for another entry
};

class RevocationIndex : public RevocationView {
 public:
  RevocationIndex();
  ~RevocationIndex();
  RevocationIndex(const RevocationIndex&) = delete;
  RevocationIndex& operator=(const RevocationIndex&) = delete;

  // Every view refuses what it matches when this returns. An entry that could not be taken up is one that nobody refuses: its
  // caller must let no lease be renewed until it was applied.
  Result<void, IndexError> apply(const Revocation& revocation);
  // In this order, up to the first that fails; faster than one at a time.
  Result<void, IndexError> apply(std::span<const Revocation> revocations);

  // Removes every entry with expires <= until and raises horizon() to `until`. Returns how many went. A verifier calls it with
  // its time less its leeway: until then a matching token may be accepted.
  std::size_t purge(std::chrono::sys_seconds until);

  void raise_horizon(std::chrono::sys_seconds horizon);

 private:
  explicit RevocationIndex(std::unique_ptr<IndexState> owned);
  std::unique_ptr<IndexState> owned_;
};

}  // namespace rescind

#endif  // RESCIND_REVOCATION_INDEX_H_
