// A bounded load: so many requests over so many keep-alive connections, on the calling thread, every answer checked.
//
// A connection keeps `depth` requests in flight: it sends that many, reads their answers, sends again. With depth 1 that is
// what a proxy's keep-alive connection does.
#ifndef RESCIND_BENCH_HTTP_LOAD_H_
#define RESCIND_BENCH_HTTP_LOAD_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/measure/turns.h"

namespace rescind::bench {

struct LoadPlan {
  std::uint16_t port = 0;  // on 127.0.0.1
  std::size_t connections = 64;
  std::size_t depth = 1;
  int expected_status = 200;
  std::vector<std::string> requests;  // whole texts, taken in rotation
  std::size_t warm_up = 0;            // requests before the clocks are read
  std::size_t count = 0;              // requests that are measured
  std::vector<pid_t> measured_processes;
};

struct LoadResult {
  double seconds = 0;
  double cpu_seconds = 0;      // user and kernel, of all threads of the measured processes, while the counted requests ran
  double own_cpu_seconds = 0;  // of the load itself, meanwhile
  Samples latencies_us;        // one a request
};

// Ends the program with a message where the server cannot be reached, closes a connection, or gives another status than the
// expected one: a figure of a server that does not do its work would be worth nothing.
LoadResult run_load(const LoadPlan& plan);

}  // namespace rescind::bench

#endif  // RESCIND_BENCH_HTTP_LOAD_H_
