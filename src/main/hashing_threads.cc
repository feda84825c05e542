#include "main/hashing_threads.h"

#include <sched.h>
#include <sys/resource.h>

namespace rescind {
namespace {

// A tenth of the weight of a thread that answers requests: it gets a core at once when it wakes, and yet, on a machine that
// is busy for good, log-ins go on slowly instead of not at all, as they would with SCHED_IDLE.
constexpr int kNiceness = 10;

// For the calling thread alone. Where the system refuses, hashing is only less polite.
void give_way() {
  const sched_param none{};
  sched_setscheduler(0, SCHED_BATCH, &none);
  setpriority(PRIO_PROCESS, 0, kNiceness);  // Linux: of the thread
}

}  // namespace

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
