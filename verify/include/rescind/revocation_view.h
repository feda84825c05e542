// The read side of a revocation index: what a verifier asks.
//
// A view is a pointer and a size; copy it freely, as long as the index or the mapped file behind it lives.
//
// Thread-safety: any thread may call any member, while others write. No call waits for a writer or stores anything.
#ifndef RESCIND_REVOCATION_VIEW_H_
#define RESCIND_REVOCATION_VIEW_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "rescind/index_memory.h"
#include "rescind/result.h"
#include "rescind/revocation.h"
#include "rescind/token.h"
#include "rescind/token_keys.h"

namespace rescind {

struct IndexHeader;

enum class IndexError : std::uint8_t {
  kNotAnIndex,    // the block does not begin as an index does
  kOtherVersion,  // it is an index of another version of the format
  kDamaged,       // its sizes do not fit together
  kFull,          // no room for another entry
};

class RevocationView {
 public:
  // A block that another process or another part of this one writes to. Anything but a whole index of this version is refused;
  // what is written into one afterwards can make answers wrong, but no access leaves the block.
  static Result<RevocationView, IndexError> attach(std::span<const std::byte> block);

  // The first kind that refuses a token with these claims, or absent where none does. A token is good only if no rule
  // matches; a token without `tv` counts as version 0. `keys` are those of this token.
  //
  // Of a key 75 bits are compared: among n entries, a token that was not revoked is refused with a probability of n / 2^75.
  std::optional<RevocationKind> find_match(const Claims& claims, TokenKeys& keys) const;

  // Entries up to this moment may be gone. accept() refuses every token whose `exp` is not later, so that neither a clock that
  // steps back nor a leeway that was raised revives a token whose revocation was purged.
  std::chrono::sys_seconds horizon() const;

  std::uint64_t head() const;  // the highest seq applied, 0 at first
  std::size_t size() const;

  std::uint64_t epoch() const;  // random, another for each index that was ever made
  HostId host() const;

  // Until when the writer vouches for what stands here, on the host's CLOCK_BOOTTIME. To be asked before find_match(): what was
  // known when the lease was given is then found.
  bool lease_is_live(std::chrono::nanoseconds boot_time) const;

 protected:
  explicit RevocationView(const IndexHeader& header);

  const IndexHeader* header_;
  std::uint32_t max_lines_;  // as it was when it was checked
};

}  // namespace rescind

#endif  // RESCIND_REVOCATION_VIEW_H_
