#include "verify/testing/allocation_count.h"

#include <atomic>
#include <cerrno>
#include <cstddef>

namespace rescind {
namespace {

std::atomic<std::uint64_t> allocations{0};
thread_local bool is_left_out = false;

[[maybe_unused]] void count_allocation() {
  if (!is_left_out) allocations.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

std::uint64_t allocations_made() { return allocations.load(); }
void leave_out_this_thread() { is_left_out = true; }

}  // namespace rescind

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
extern "C" {
void* __libc_malloc(std::size_t size);                           // NOLINT(bugprone-reserved-identifier)
void* __libc_calloc(std::size_t count, std::size_t size);        // NOLINT(bugprone-reserved-identifier)
void* __libc_realloc(void* old, std::size_t size);               // NOLINT(bugprone-reserved-identifier)
void* __libc_memalign(std::size_t alignment, std::size_t size);  // NOLINT(bugprone-reserved-identifier)

void* malloc(std::size_t size) {
  rescind::count_allocation();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  rescind::count_allocation();
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  rescind::count_allocation();
  return __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
  rescind::count_allocation();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
  *block = memalign(alignment, size);
  return *block == nullptr ? ENOMEM : 0;
}
}
#endif
