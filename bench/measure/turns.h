// Rounds in turns: A and B are measured one after the other within each round, so that what the machine does meanwhile
// (clock rate, neighbours) hits both, and the ratio of a round is worth more than either of its two figures.
#ifndef RESCIND_BENCH_MEASURE_TURNS_H_
#define RESCIND_BENCH_MEASURE_TURNS_H_

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace rescind::bench {

// One figure a round, in the order of the rounds.
using Samples = std::vector<double>;

// Measures once and returns the cost: CPU nanoseconds per operation, say. Warms up by itself where it needs that.
using Contender = std::function<double()>;

// Each contender once a round; every other round in reverse order, so that none is always the one behind a certain other.
// result[i] are the samples of contenders[i].
std::vector<Samples> take_turns(std::span<const Contender> contenders, std::size_t rounds);

// a[i] / b[i], round by round. Both have the same length.
Samples ratios(const Samples& a, const Samples& b);

struct Spread {
  double median = 0;
  double min = 0;
  double max = 0;
};

// `samples` is not empty. The median of an even number is the mean of the two in the middle.
Spread spread_of(Samples samples);

// The value below which `share` (0 to 1) of the samples lie: the one at rank ceil(share * n). `samples` is not empty.
double percentile(Samples samples, double share);

}  // namespace rescind::bench

#endif  // RESCIND_BENCH_MEASURE_TURNS_H_
