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
#include <optional>

#include "rescind/revocation.h"
#include "rescind/token.h"

namespace rescind {

class RevocationIndex {
 public:
  RevocationIndex();
  ~RevocationIndex();
  RevocationIndex(const RevocationIndex&) = delete;
  RevocationIndex& operator=(const RevocationIndex&) = delete;

  void apply(const Revocation& revocation);

  // The first kind that refuses a token with these claims, or absent where none does. A token is good only if no rule
  // matches; a token without `tv` counts as version 0.
  std::optional<RevocationKind> find_match(const Claims& claims) const;

  // Removes every entry with expires <= until and raises horizon() to `until`. Returns how many went. A verifier calls it with
  // its time less its leeway: until then a matching token may be accepted.
  std::size_t purge(std::chrono::sys_seconds until);

  // Entries up to this moment may be gone. accept() refuses every token whose `exp` is not later, so that neither a clock that
  // steps back nor a leeway that was raised revives a token whose revocation was purged.
  std::chrono::sys_seconds horizon() const;
  void raise_horizon(std::chrono::sys_seconds horizon);

  std::uint64_t head() const;  // the highest seq applied, 0 at first
  std::size_t size() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rescind

#endif  // RESCIND_REVOCATION_INDEX_H_
