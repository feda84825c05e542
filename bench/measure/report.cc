#include "bench/measure/report.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <utility>

namespace rescind::bench {

bool is_quick() { return std::getenv("BENCH_QUICK") != nullptr; }

std::size_t count_of(std::size_t full, std::size_t quick) { return is_quick() ? quick : full; }

void Report::add(std::string figure, std::string unit, const Samples& samples) {
  rows_.push_back({std::move(figure), std::move(unit), samples.size(), spread_of(samples)});
}

void Report::add(std::string figure, std::string unit, double value) {
  add(std::move(figure), std::move(unit), Samples{value});
}

std::string Report::json() const {
  std::string text = "[";
  for (const Row& row : rows_) {
    // Names and units are ours: nothing in them needs escaping.
    text +=
        fmt::format(R"({}{{"figure":"{}","value":{},"unit":"{}","n":{},"min":{},"max":{}}})", text.size() > 1 ? ",\n " : "\n ",
                    row.figure, row.spread.median, row.unit, row.n, row.spread.min, row.spread.max);
  }
  return text + "\n]\n";
}

std::string Report::table() const {
  std::string text = fmt::format("{:<40} {:>12} {:>12} {:>12}  {:<6} {:>3}\n", "figure", "median", "min", "max", "unit", "n");
  for (const Row& row : rows_) {
    text += fmt::format("{:<40} {:>12.5g} {:>12.5g} {:>12.5g}  {:<6} {:>3}\n", row.figure, row.spread.median, row.spread.min,
                        row.spread.max, row.unit, row.n);
  }
  return text;
}

int Report::finish(int argc, const char* const* argv) const {
  if (argc != 2) {
    std::fputs("usage: BENCH OUT.json\n", stderr);
    return 2;
  }
  std::fputs(table().c_str(), stdout);
  std::ofstream file(argv[1]);
  file << json() << std::flush;
  if (file) return 0;
  std::fputs("the figures could not be written\n", stderr);
  return 1;
}

}  // namespace rescind::bench
