#include "bench/measure/turns.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace rescind::bench {

std::vector<Samples> take_turns(std::span<const Contender> contenders, std::size_t rounds) {
  std::vector<Samples> samples(contenders.size());
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t turn = 0; turn < contenders.size(); ++turn) {
      const std::size_t i = round % 2 == 0 ? turn : contenders.size() - 1 - turn;
      samples[i].push_back(contenders[i]());
    }
  }
  return samples;
}

Samples ratios(const Samples& a, const Samples& b) {
  assert(a.size() == b.size());
  Samples result;
  for (std::size_t i = 0; i < a.size(); ++i) result.push_back(a[i] / b[i]);
  return result;
}

Spread spread_of(Samples samples) {
  assert(!samples.empty());
  std::ranges::sort(samples);
  const std::size_t half = samples.size() / 2;
  const double median = samples.size() % 2 == 1 ? samples[half] : (samples[half - 1] + samples[half]) / 2;
  return {median, samples.front(), samples.back()};
}

double percentile(Samples samples, double share) {
  assert(!samples.empty() && share >= 0 && share <= 1);
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
  const auto place = samples.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::ranges::nth_element(samples, place);
  return *place;
}

}  // namespace rescind::bench
