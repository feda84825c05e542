// One object a thread, for what is used so often that even a lock nobody else holds would cost too much.
#ifndef RESCIND_BASE_PER_THREAD_H_
#define RESCIND_BASE_PER_THREAD_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>

namespace rescind {

inline constexpr std::size_t kMaxThreadSlots = 256;

// A small number that no other living thread has; absent where kMaxThreadSlots others are alive that have asked. A thread that
// ends gives its number back, and everything that it did is visible to the thread that gets it next.
std::optional<std::size_t> thread_slot();

// Thread-safety: any thread may call any member. What find_or_make() gives belongs to the calling thread; visit() hands out
// what may be in use by others.
template <class T>
class PerThread {
 public:
  PerThread() = default;
  ~PerThread() {
    for (std::atomic<T*>& slot : slots_) delete slot.load(std::memory_order_acquire);
  }
  PerThread(const PerThread&) = delete;
  PerThread& operator=(const PerThread&) = delete;

  // The calling thread's own, at first from `make()`, a std::unique_ptr<T>. Null where there are too many threads.
  template <class Make>
  T* find_or_make(Make make) {
    const std::optional<std::size_t> number = thread_slot();
    if (!number) return nullptr;
    std::atomic<T*>& slot = slots_[*number];
    T* own = slot.load(std::memory_order_relaxed);
    if (own == nullptr) {
      own = make().release();
      slot.store(own, std::memory_order_release);
    }
    return own;
  }

  // What each thread has made so far.
  template <class Visit>
  void visit(Visit visit_one) const {
    for (const std::atomic<T*>& slot : slots_) {
      if (const T* made = slot.load(std::memory_order_acquire)) visit_one(*made);
    }
  }

 private:
  std::array<std::atomic<T*>, kMaxThreadSlots> slots_{};
};

}  // namespace rescind

#endif  // RESCIND_BASE_PER_THREAD_H_
