// The read side of a revocation index: what a verifier asks.
//
// A view is a few pointers; copy it freely, as long as the index (or the mapped file) behind it lives.
//
// Thread-safety: any thread may call any member, while others write.
#ifndef RESCIND_REVOCATION_VIEW_H_
#define RESCIND_REVOCATION_VIEW_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "rescind/revocation.h"
#include "rescind/token.h"
#include "rescind/token_keys.h"

namespace rescind {

struct IndexState;

class RevocationView {
 public:
  // The first kind that refuses a token with these claims, or absent where none does. A token is good only if no rule
  // matches; a token without `tv` counts as version 0. `keys` are those of this token.
  std::optional<RevocationKind> find_match(const Claims& claims, TokenKeys& keys) const;

  // Entries up to this moment may be gone. accept() refuses every token whose `exp` is not later, so that neither a clock that
  // steps back nor a leeway that was raised revives a token whose revocation was purged.
  std::chrono::sys_seconds horizon() const;

  std::uint64_t head() const;  // the highest seq applied, 0 at first
  std::size_t size() const;

 protected:
  explicit RevocationView(IndexState& state) : state_(&state) {}

  IndexState* state_;
};

}  // namespace rescind

#endif  // RESCIND_REVOCATION_VIEW_H_
