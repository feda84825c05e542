// simulate --seeds N --first-seed S: runs N seeds, says which ones broke a guarantee and how.
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "tests/simulation/simulation.h"

namespace {

bool read_number(const char* text, std::uint64_t& number) {
  const char* end = text + std::strlen(text);
  const auto read = std::from_chars(text, end, number);
  return read.ec == std::errc() && read.ptr == end;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seeds = 10'000;
  std::uint64_t first = 1;
  bool understood = argc % 2 == 1;
  for (int i = 1; understood && i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    understood =
        (name == "--seeds" && read_number(argv[i + 1], seeds)) || (name == "--first-seed" && read_number(argv[i + 1], first));
  }
  if (!understood) {
    std::fputs("usage: simulate [--seeds N] [--first-seed S]\n", stderr);
    return 2;
  }
  rescind::simulation::Tally tally;
  for (std::uint64_t seed = first; seed - first < seeds; ++seed) {
    const rescind::simulation::Report report = rescind::simulation::simulate(seed);
    for (const auto& [what, times] : report.tally) tally[what] += times;
    if (report.breach.empty()) continue;
    std::printf("%s\nseed %llu: %s\n", report.tail.c_str(), static_cast<unsigned long long>(seed), report.breach.c_str());
    return 1;
  }
  for (const auto& [what, times] : tally) std::printf("%12llu  %s\n", static_cast<unsigned long long>(times), what.c_str());
  std::printf("%llu seeds from %llu: every guarantee held\n", static_cast<unsigned long long>(seeds),
              static_cast<unsigned long long>(first));
  return 0;
}
