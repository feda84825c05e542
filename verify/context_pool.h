// OpenSSL contexts that were prepared once and are lent out, one borrower at a time: copying a context for every check
// allocates, and costs as much as the MAC of a token.
#ifndef RESCIND_VERIFY_CONTEXT_POOL_H_
#define RESCIND_VERIFY_CONTEXT_POOL_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

namespace rescind {

// Holds up to kSlots idle copies of the context that it was made with; where none is idle, one is copied, and freed after use
// if there is no place for it.
//
// Thread-safety: any thread may lend. What is lent belongs to the borrower alone.
template <class Context, auto kCopy, auto kFree>
class ContextPool {
 public:
  static constexpr std::size_t kSlots = 8;

  class Loan {
   public:
    explicit Loan(ContextPool& pool) : pool_(pool), context_(pool.take()) {}
    ~Loan() { pool_.give_back(context_); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Context* get() const { return context_; }  // null where there was no memory

   private:
    ContextPool& pool_;
    Context* context_;
  };

  // Takes `prepared` over; not null.
  explicit ContextPool(Context* prepared) : prepared_(prepared) {}
  ~ContextPool() {
    for (Slot& slot : slots_) kFree(slot.idle.load(std::memory_order_acquire));
    kFree(prepared_);
  }
  ContextPool(const ContextPool&) = delete;
  ContextPool& operator=(const ContextPool&) = delete;

 private:
  struct alignas(64) Slot {
    std::atomic<Context*> idle{nullptr};
  };

  // Threads begin at different slots, so that they seldom meet.
  static std::size_t first_slot() { return std::hash<std::thread::id>{}(std::this_thread::get_id()) % kSlots; }

  Context* take() {
    const std::size_t first = first_slot();
    for (std::size_t i = 0; i < kSlots; ++i) {
      std::atomic<Context*>& idle = slots_[(first + i) % kSlots].idle;
      if (idle.load(std::memory_order_relaxed) == nullptr) continue;
      if (Context* context = idle.exchange(nullptr, std::memory_order_acquire)) return context;
    }
    return kCopy(prepared_);
  }

  void give_back(Context* context) {
    const std::size_t first = first_slot();
    for (std::size_t i = 0; i < kSlots && context != nullptr; ++i) {
      std::atomic<Context*>& idle = slots_[(first + i) % kSlots].idle;
      Context* none = nullptr;
      if (idle.compare_exchange_strong(none, context, std::memory_order_release, std::memory_order_relaxed)) return;
    }
    kFree(context);
  }

  Context* const prepared_;  // only ever copied
  std::array<Slot, kSlots> slots_;
};

}  // namespace rescind

#endif  // RESCIND_VERIFY_CONTEXT_POOL_H_
