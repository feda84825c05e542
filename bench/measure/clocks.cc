#include "bench/measure/clocks.h"

#include <sched.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace rescind::bench {
namespace {

std::int64_t read_ns(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

std::int64_t steady_ns() { return read_ns(CLOCK_MONOTONIC); }
std::int64_t thread_cpu_ns() { return read_ns(CLOCK_THREAD_CPUTIME_ID); }
std::int64_t process_cpu_ns() { return read_ns(CLOCK_PROCESS_CPUTIME_ID); }

void pin_to_core(unsigned core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  if (sched_setaffinity(0, sizeof cores, &cores) == 0) return;
  std::perror("sched_setaffinity");
  std::abort();
}

}  // namespace rescind::bench
