// The revocation index: memory, the writer's speed, and how long a reader may have to wait.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "bench/measure/clocks.h"
#include "bench/measure/report.h"
#include "rescind/revocation_index.h"

namespace rescind::bench {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds kNow{seconds(1'700'000'000)};
constexpr std::size_t kBatch = 1000;
constexpr std::size_t kWatched = 10'000;  // tokens in rotation, every second one revoked
constexpr std::uint64_t kNewBatches = 1u << 30;

// SplitMix64: a key's bytes are as good as those of SHA-256, and cost nothing.
std::uint64_t scatter(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

void fill(std::vector<Revocation>& batch, std::uint64_t number, sys_seconds expires) {
  batch.resize(kBatch);
  for (std::size_t i = 0; i < kBatch; ++i) {
    const std::uint64_t at = number * kBatch + i;
    const std::uint64_t words[2] = {scatter(2 * at), scatter(2 * at + 1)};
    batch[i] = {at + 1, RevocationKind::kToken, {}, 0, expires};
    std::copy_n(reinterpret_cast<const std::uint8_t*>(words), sizeof words, batch[i].key.bytes.begin());
  }
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "index_bench: %s\n", what);
  std::exit(1);
}

// Fills an index with `count` tokens. The time is the writer's CPU time, that of the kernel for new pages included.
void measure_filling(RevocationIndex& index, std::size_t count, Report& report) {
  std::vector<Revocation> batch;
  fill(batch, 0, kNow);
  const double before = resident_bytes();
  double worst = 0;
  std::int64_t cpu = 0;
  for (std::size_t number = 0; number * kBatch < count; ++number) {
    fill(batch, number, kNow + seconds(3600 + number % 64));
    const std::int64_t start = thread_cpu_ns();
    require(index.apply(batch).has_value(), "the index is full");
    cpu += thread_cpu_ns() - start;
    if (number * kBatch >= count / 10 && number % 20 == 0) {
      worst = std::max(worst, (resident_bytes() - before) / static_cast<double>(index.size()));
    }
  }
  require(index.size() == count, "entries are missing");
  report.add("index.bytes_per_entry", "bytes", (resident_bytes() - before) / static_cast<double>(count));
  report.add("index.bytes_per_entry.worst", "bytes", worst);
  report.add("index.inserts_per_s", "1/s", static_cast<double>(count) * 1e9 / static_cast<double>(cpu));
}

struct Watched {
  Claims claims;
  TokenKeys keys;
  bool is_revoked = false;
};

std::vector<Watched> watched_tokens(RevocationIndex& index) {
  std::vector<Watched> tokens(kWatched);
  for (std::size_t i = 0; i < kWatched; ++i) {
    tokens[i].claims.issuer = "https://id.example";
    tokens[i].claims.token_id = "watched-" + std::to_string(i);
    tokens[i].is_revoked = i % 2 == 0;
    if (!tokens[i].is_revoked) continue;
    const RevocationKey& key = tokens[i].keys.token(tokens[i].claims);
    require(index.apply(Revocation{1, RevocationKind::kToken, key, 0, kNow + seconds(1'000'000)}).has_value(), "full");
  }
  return tokens;
}

struct Stall {
  double any = 0;
  double own = 0;  // of those during which the kernel did not give the core to somebody else
};

std::int64_t times_preempted() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nivcsw;
}

// The longest look-up of a reader in `time` seconds, in microseconds.
Stall longest_lookup(const RevocationView& view, std::vector<Watched>& tokens, double time) {
  const std::int64_t end = steady_ns() + static_cast<std::int64_t>(time * 1e9);
  Stall longest;
  std::int64_t preempted = times_preempted();
  std::int64_t last = steady_ns();
  for (std::size_t i = 0; last < end; i = (i + 1) % kWatched) {
    const bool is_found = view.find_match(tokens[i].claims, tokens[i].keys).has_value();
    std::int64_t now = steady_ns();
    const double took = static_cast<double>(now - last) / 1e3;
    longest.any = std::max(longest.any, took);
    if (took > longest.own) {
      const std::int64_t preempted_now = times_preempted();
      if (preempted_now == preempted) longest.own = took;
      preempted = preempted_now;
      now = steady_ns();
    }
    last = now;
    require(is_found == tokens[i].is_revoked, "a reader got a wrong answer");
  }
  return longest;
}

// Rounds of a reader alone and of a reader beside a writer that grows the index by a half and lets as much expire.
void measure_stalls(RevocationIndex& index, std::size_t count, Report& report) {
  std::vector<Watched> tokens = watched_tokens(index);
  const double time = is_quick() ? 0.1 : 3;
  Samples alone;
  Samples alone_own;
  Samples beside;
  Samples beside_own;
  std::uint64_t number = kNewBatches;
  for (std::size_t round = 0; round < count_of(5, 2); ++round) {
    const Stall quiet = longest_lookup(index, tokens, time);
    alone.push_back(quiet.any);
    alone_own.push_back(quiet.own);
    std::atomic<bool> done{false};
    std::size_t inserted = 0;
    std::size_t purged = 0;
    std::thread writer([&] {
      std::vector<Revocation> batch;
      sys_seconds now = kNow - seconds(100'000) + seconds(1000 * round);
      for (std::size_t more = 0; !done; now += seconds(1)) {
        for (more = 0; more < count / 2 && !done; more += kBatch, ++number) {
          fill(batch, number, now);
          require(index.apply(batch).has_value(), "the index is full");
        }
        inserted += more;
        purged += index.purge(now);
      }
    });
    const Stall stall = longest_lookup(index, tokens, time);
    beside.push_back(stall.any);
    beside_own.push_back(stall.own);
    done = true;
    writer.join();
    require(inserted == purged, "expiry is not exact");
    std::printf("beside the reader: %zu inserted and expired\n", inserted);
  }
  report.add("index.reader_stall_max_us", "us", beside);
  report.add("index.reader_stall_max_us.no_writer", "us", alone);
  report.add("index.reader_stall_max_us.not_preempted", "us", beside_own);
  report.add("index.reader_stall_max_us.no_writer_not_preempted", "us", alone_own);
}

}  // namespace
}  // namespace rescind::bench

int main(int argc, char** argv) {
  using namespace rescind::bench;
  Report report;
  const std::size_t count = count_of(10'000'000, 500'000);
  rescind::RevocationIndex index;
  measure_filling(index, count, report);
  measure_stalls(index, count, report);
  return report.finish(argc, argv);
}
