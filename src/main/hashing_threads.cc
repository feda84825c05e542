#include "main/hashing_threads.h"

#include "main/thread_scheduling.h"

namespace rescind {

HashingThreads::HashingThreads(std::size_t count) : work_(context_.get_executor()) {
  for (std::size_t i = 0; i < count; ++i) {
    threads_.emplace_back([this] {
      give_way();
      context_.run();
    });
  }
}

void HashingThreads::join() {
  work_.reset();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace rescind
