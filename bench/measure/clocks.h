// Clocks for measuring, and what keeps a measured loop honest. Any thread may call all of it.
#ifndef RESCIND_BENCH_MEASURE_CLOCKS_H_
#define RESCIND_BENCH_MEASURE_CLOCKS_H_

#include <cstddef>
#include <cstdint>

namespace rescind::bench {

// Nanoseconds from an arbitrary start. CPU time, user and kernel, of the calling thread and of the whole process: unlike
// steady time it does not grow while another process has the core.
std::int64_t steady_ns();
std::int64_t thread_cpu_ns();
std::int64_t process_cpu_ns();

// The calling thread runs on this core from now on. Aborts where there is no such core: a figure would be wrong.
void pin_to_core(unsigned core);

// The compiler must take `value` for used, and memory for changed.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

// CPU nanoseconds of the calling thread per call of `operation(i)`, i = 0 … count - 1.
template <class Operation>
double cpu_ns_per_call(std::size_t count, Operation operation) {
  const std::int64_t start = thread_cpu_ns();
  for (std::size_t i = 0; i < count; ++i) operation(i);
  return static_cast<double>(thread_cpu_ns() - start) / static_cast<double>(count);
}

}  // namespace rescind::bench

#endif  // RESCIND_BENCH_MEASURE_CLOCKS_H_
