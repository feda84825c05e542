// How long a server takes from its start to "ready" with ten million live revocations in its SQLite store.
#include "bench/measure/report.h"
#include "bench/server/fill_store.h"
#include "bench/server/server_process.h"

int main(int argc, char** argv) {
  using namespace rescind::bench;
  constexpr std::size_t kRounds = 3;
  ServerProcess server;
  fill_revocations(server.database(), count_of(10'000'000, 10'000), std::chrono::hours(23));
  Samples ready;
  Samples memory;
  for (std::size_t round = 0; round < kRounds; ++round) {
    ready.push_back(server.start());
    memory.push_back(server.resident_mb());
    server.stop();
  }
  Report report;
  report.add("start.ready_s", "s", ready);
  report.add("start.resident_mb", "MB", memory);
  return report.finish(argc, argv);
}
