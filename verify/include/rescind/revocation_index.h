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

  // Removes every entry with expires <= now and raises horizon() to `now`. Returns how many went.
  std::size_t purge(std::chrono::sys_seconds now);

  // Entries up to this moment may be gone. accept() never judges expiry by a time before it, so that a clock that steps
  // back cannot revive a token whose revocation was purged.
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
