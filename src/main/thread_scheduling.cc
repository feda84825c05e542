#include "main/thread_scheduling.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace rescind {
namespace {

// The least and the greatest that Linux takes.
constexpr std::chrono::nanoseconds kShortSlice = std::chrono::microseconds(100);
constexpr std::chrono::nanoseconds kLongSlice = std::chrono::milliseconds(100);

// A tenth of the weight of a thread that answers requests. With SCHED_IDLE log-ins would stand still on a machine that is busy
// for good.
constexpr std::int32_t kNiceness = 10;

// The first version of the kernel's `struct sched_attr`, which glibc has no name for before 2.41.
struct SchedulingAttributes {
  std::uint32_t size = 48;
  std::uint32_t policy = SCHED_OTHER;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t slice_ns = 0;  // `sched_runtime`: of SCHED_OTHER and SCHED_BATCH the slice, since Linux 6.12
  std::uint64_t deadline = 0;
  std::uint64_t period = 0;
};
static_assert(sizeof(SchedulingAttributes) == 48);

// The calling thread's, changed by `change`.
template <typename Change>
void change_attributes(Change change) {
  SchedulingAttributes attributes;
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0) != 0) return;
  change(attributes);
  syscall(SYS_sched_setattr, 0, &attributes, 0);
}

}  // namespace

void wake_promptly() {
  change_attributes([](SchedulingAttributes& attributes) { attributes.slice_ns = kShortSlice.count(); });
}

void give_way() {
  change_attributes([](SchedulingAttributes& attributes) {
    attributes.policy = SCHED_BATCH;
    attributes.nice = std::max(attributes.nice, kNiceness);
    attributes.slice_ns = kLongSlice.count();
  });
}

}  // namespace rescind
