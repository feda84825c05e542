// Where a revocation index lives: a range of addresses that is given memory piece by piece.
#ifndef RESCIND_INDEX_MEMORY_H_
#define RESCIND_INDEX_MEMORY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace rescind {

// A table of the index has 4096 sub-tables of up to this many lines of 64 bytes. 16384 lines are room for some 290 million
// tokens and sessions, and as many addresses as 16 GiB; memory is taken as entries come.
inline constexpr std::uint32_t kDefaultMaxLines = 16'384;

// The size of the range for an index of so many lines: a multiple of 8, at least 8.
std::uint64_t index_block_bytes(std::uint32_t max_lines);

// Which run of which machine a lease is counted on; zeros where only this process reads.
using HostId = std::array<std::uint8_t, 16>;

// Thread-safety: one thread at a time; readers may read any committed page meanwhile.
class IndexMemory {
 public:
  virtual ~IndexMemory() = default;

  // index_block_bytes() long, aligned to 2 MiB where it can be, zero where it was not written to.
  virtual std::span<std::byte> range() = 0;
  virtual HostId host() const { return {}; }

  // [offset, offset + size), whole pages: may be written to from now on, also where it may already. False where there is no
  // memory for it.
  [[nodiscard]] virtual bool commit(std::uint64_t offset, std::uint64_t size) = 0;

  // Whole pages whose content is not needed any more. Readers may still read them, whatever they find there.
  virtual void release(std::uint64_t offset, std::uint64_t size) = 0;
};

// Memory of this process. Aborts where there are no addresses for it.
std::unique_ptr<IndexMemory> reserve_heap_memory(std::uint32_t max_lines = kDefaultMaxLines);

}  // namespace rescind

#endif  // RESCIND_INDEX_MEMORY_H_
