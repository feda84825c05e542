// What a benchmark hands over: a table for people and a JSON file for docs/benchmarks.md.
//
//   int main(int argc, char** argv) {
//     Report report;
//     const std::vector<Samples> samples = take_turns(contenders, rounds);
//     report.add("lib.es256_vs_openssl", "ratio", ratios(samples[0], samples[1]));
//     return report.finish(argc, argv);
//   }
#ifndef RESCIND_BENCH_MEASURE_REPORT_H_
#define RESCIND_BENCH_MEASURE_REPORT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "bench/measure/turns.h"

namespace rescind::bench {

// True under `./dev bench --quick`: counts are small, so that the run tells in seconds whether everything works. The
// figures then mean nothing, and land in build/bench-quick.
bool is_quick();

// `full`, or `quick` under --quick.
std::size_t count_of(std::size_t full, std::size_t quick);

// Thread-safety: one thread at a time.
class Report {
 public:
  // A figure with a sample for each round: value = median, n = rounds. `figure` is its name on the page; `unit` is
  // "ratio", "ns", "us", "ms", "s", "MB", "bytes", "entries" or "1/s".
  void add(std::string figure, std::string unit, const Samples& samples);
  // A figure that was measured once.
  void add(std::string figure, std::string unit, double value);

  std::string json() const;   // [{"figure","value","unit","n","min","max"}…]
  std::string table() const;  // one line a figure

  // Prints the table and writes the JSON to the file that argv[1] names. Returns what main() returns.
  int finish(int argc, const char* const* argv) const;

 private:
  struct Row {
    std::string figure;
    std::string unit;
    std::size_t n;
    Spread spread;
  };
  std::vector<Row> rows_;
};

}  // namespace rescind::bench

#endif  // RESCIND_BENCH_MEASURE_REPORT_H_
