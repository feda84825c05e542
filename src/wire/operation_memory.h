// Storage for the one pending operation of a connection, so that waiting for bytes allocates nothing (Boost.Asio, "Custom
// Memory Allocation").
#ifndef RESCIND_WIRE_OPERATION_MEMORY_H_
#define RESCIND_WIRE_OPERATION_MEMORY_H_

#include <cstddef>
#include <new>

namespace rescind {

// Thread-safety: one thread.
class OperationMemory {
 public:
  OperationMemory() = default;
  OperationMemory(const OperationMemory&) = delete;
  OperationMemory& operator=(const OperationMemory&) = delete;

  // Falls back on the heap where the storage is taken or too small.
  void* allocate(std::size_t size) {
    if (taken_ || size > sizeof storage_) return ::operator new(size);
    taken_ = true;
    return storage_;
  }
  void free(void* memory) {
    if (memory != storage_) return ::operator delete(memory);
    taken_ = false;
  }

 private:
  alignas(std::max_align_t) std::byte storage_[256];
  bool taken_ = false;
};

// Asio frees an operation's memory before it calls or destroys the handler, so the memory may lie in what the handler owns.
template <class T>
class OperationAllocator {
 public:
  using value_type = T;

  explicit OperationAllocator(OperationMemory& memory) : memory_(&memory) {}
  template <class U>
  explicit(false) OperationAllocator(const OperationAllocator<U>& other) : memory_(&other.memory()) {}

  T* allocate(std::size_t count) { return static_cast<T*>(memory_->allocate(sizeof(T) * count)); }
  void deallocate(T* memory, std::size_t) { memory_->free(memory); }

  OperationMemory& memory() const { return *memory_; }
  template <class U>
  bool operator==(const OperationAllocator<U>& other) const {
    return memory_ == &other.memory();
  }

 private:
  OperationMemory* memory_;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_OPERATION_MEMORY_H_
