#include <sys/mman.h>

#include <cstdlib>

#include "rescind/index_memory.h"

namespace rescind {
namespace {

constexpr std::uint64_t kHugePage = std::uint64_t{2} << 20;

class HeapMemory final : public IndexMemory {
 public:
  // Addresses only, so that the limit of what a machine promises (vm.overcommit_memory=2) counts what is committed.
  explicit HeapMemory(std::uint64_t size) : size_(size), mapped_(size + kHugePage) {
    void* const address = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (address == MAP_FAILED) std::abort();
    start_ = static_cast<std::byte*>(address);
    const auto misaligned = reinterpret_cast<std::uintptr_t>(start_) % kHugePage;
    range_ = start_ + (kHugePage - misaligned) % kHugePage;
  }
  ~HeapMemory() override { munmap(start_, mapped_); }
  HeapMemory(const HeapMemory&) = delete;
  HeapMemory& operator=(const HeapMemory&) = delete;

  std::span<std::byte> range() override { return {range_, size_}; }

  bool commit(std::uint64_t offset, std::uint64_t size) override {
    if (mprotect(range_ + offset, size, PROT_READ | PROT_WRITE) != 0) return false;
    // A look-up touches random pages: where the table is large, huge ones save most of the address translation.
    if (size >= kHugePage) madvise(range_ + offset, size, MADV_HUGEPAGE);
    return true;
  }

  void release(std::uint64_t offset, std::uint64_t size) override { madvise(range_ + offset, size, MADV_DONTNEED); }

 private:
  const std::uint64_t size_;
  const std::uint64_t mapped_;
  std::byte* start_;
  std::byte* range_;
};

}  // namespace

std::unique_ptr<IndexMemory> reserve_heap_memory(std::uint32_t max_lines) {
  return std::make_unique<HeapMemory>(index_block_bytes(max_lines));
}

}  // namespace rescind
