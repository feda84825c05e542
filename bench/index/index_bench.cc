// The revocation index: memory, the writer's speed, and how long a reader may have to wait.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bench/measure/clocks.h"
#include "bench/measure/report.h"
#include "rescind/revocation_index.h"
#include "verify/table_view.h"

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

void fill(std::vector<Revocation>& batch, std::uint64_t number, sys_seconds expires,
          RevocationKind kind = RevocationKind::kToken) {
  batch.resize(kBatch);
  for (std::size_t i = 0; i < kBatch; ++i) {
    const std::uint64_t at = number * kBatch + i;
    const std::uint64_t words[2] = {scatter(2 * at), scatter(2 * at + 1)};
    batch[i] = {at + 1, kind, {}, kind == RevocationKind::kUser ? 1 : 0, expires};
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

// Users and not-befores have a value each, and so take more room.
void measure_users(std::size_t count, Report& report) {
  RevocationIndex index;
  std::vector<Revocation> batch;
  fill(batch, 0, kNow);
  const double before = resident_bytes();
  for (std::size_t number = 0; number * kBatch < count; ++number) {
    fill(batch, number, kNow + seconds(3600 + number % 64), RevocationKind::kUser);
    require(index.apply(batch).has_value(), "the index is full");
  }
  require(index.size() == count, "entries are missing");
  report.add("index.bytes_per_entry.user", "bytes", (resident_bytes() - before) / static_cast<double>(count));
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

// Lines of memory that one search read at most in `time` seconds, with all that it did again because of a writer: what a
// look-up's length is made of, on any machine.
double most_lines_read(const IndexHeader& header, std::vector<Watched>& tokens, double time) {
  std::vector<KeyDigest> keys;
  for (Watched& token : tokens) keys.emplace_back(header, RevocationKind::kToken, token.keys.token(token.claims));
  std::uint32_t most = 0;
  const std::int64_t end = steady_ns() + static_cast<std::int64_t>(time * 1e9);
  while (steady_ns() < end) {
    for (std::size_t i = 0; i < kWatched; ++i) {
      const Probe probe = members_of(header, header.max_lines).find(keys[i]);
      most = std::max(most, probe.lines_read);
      require(probe.value.has_value() == tokens[i].is_revoked, "a search got a wrong answer");
    }
  }
  return most;
}

// Grows an index by a half and lets as much expire, again and again, on a core of its own until it is destroyed.
class Writer {
 public:
  Writer(RevocationIndex& index, std::size_t count, std::size_t round)
      : thread_([this, &index, count, round] {
          pin_to_core(1);
          run(index, count, kNow - seconds(100'000) + seconds(1000 * round));
        }) {}
  ~Writer() {
    done_ = true;
    thread_.join();
    require(inserted_ == purged_, "expiry is not exact");
    std::printf("beside the reader: %zu inserted and expired\n", inserted_);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

 private:
  void run(RevocationIndex& index, std::size_t count, sys_seconds now) {
    std::vector<Revocation> batch;
    for (std::uint64_t number = kNewBatches; !done_; now += seconds(1)) {
      std::size_t more = 0;
      for (; more < count / 2 && !done_; more += kBatch, ++number) {
        fill(batch, number, now);
        require(index.apply(batch).has_value(), "the index is full");
      }
      inserted_ += more;
      purged_ += index.purge(now);
    }
  }

  std::atomic<bool> done_{false};
  std::size_t inserted_ = 0;
  std::size_t purged_ = 0;
  std::thread thread_;  // last: it uses the others
};

// Rounds of a reader alone, beside a writer that changes what is read, and beside the same writer at another index: what stalls
// the reader there is the machine's.
void measure_stalls(const IndexHeader& header, RevocationIndex& index, std::size_t count, Report& report) {
  RevocationIndex other;
  std::vector<Revocation> batch;
  for (std::size_t number = 0; number * kBatch < count; ++number) {
    fill(batch, number, kNow + seconds(3600 + number % 64));
    require(other.apply(batch).has_value(), "the index is full");
  }
  std::vector<Watched> tokens = watched_tokens(index);
  const double time = is_quick() ? 0.1 : 3;
  struct Row {
    const char* name;
    RevocationIndex* written;
    Samples any = {};
    Samples own = {};
    Samples lines = {};
  };
  Row rows[] = {{"", &index}, {".other_index_written", &other}, {".no_writer", nullptr}};
  pin_to_core(0);
  for (std::size_t round = 0; round < count_of(5, 2); ++round) {
    for (Row& row : rows) {
      std::optional<Writer> writer;
      if (row.written != nullptr) writer.emplace(*row.written, count, round);
      const Stall stall = longest_lookup(index, tokens, time);
      row.any.push_back(stall.any);
      row.own.push_back(stall.own);
      row.lines.push_back(most_lines_read(header, tokens, time / 3));
    }
  }
  for (const Row& row : rows) {
    const std::string name = std::string("index.reader_stall_max_us") + row.name;
    report.add(name, "us", row.any);
    report.add(name + ".not_preempted", "us", row.own);
    report.add(std::string("index.reader_lines_max") + row.name, "lines", row.lines);
  }
}

}  // namespace
}  // namespace rescind::bench

int main(int argc, char** argv) {
  using namespace rescind::bench;
  Report report;
  const std::size_t count = count_of(10'000'000, 500'000);
  auto memory = rescind::reserve_heap_memory();
  const auto& header = *reinterpret_cast<const rescind::IndexHeader*>(memory->range().data());
  rescind::RevocationIndex index(std::move(memory));
  measure_filling(index, count, report);
  measure_users(count, report);
  measure_stalls(header, index, count, report);
  return report.finish(argc, argv);
}
