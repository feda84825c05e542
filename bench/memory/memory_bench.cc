// Resident memory of the real server: fresh, and with a million live sessions after traffic over many of them.
#include <thread>

#include "bench/measure/report.h"
#include "bench/server/fill_store.h"
#include "bench/server/filled_tokens.h"
#include "bench/server/load_client.h"
#include "bench/server/server_process.h"

namespace rescind::bench {
namespace {

constexpr std::size_t kConnections = 64;
constexpr std::size_t kRounds = 3;

// Every one of the first `count` sessions is refreshed once.
void refresh_each(const ServerProcess& server, std::size_t count, std::uint64_t generation) {
  const FilledTokens tokens(server.data());
  std::uint64_t next = 0;
  LoadClient(server.port(), kConnections)
      .run(
          [&](std::size_t) -> std::optional<std::string> {
            if (next == count) return std::nullopt;
            return tokens.refresh_request(next++, generation);
          },
          [&](std::size_t, const Answer& answer) {
            if (answer.status != 200) give_up("a refresh was answered " + std::to_string(answer.status));
          });
}

}  // namespace
}  // namespace rescind::bench

int main(int argc, char** argv) {
  using namespace rescind::bench;
  Samples idle;
  for (std::size_t round = 0; round < kRounds; ++round) {
    ServerProcess server;
    server.start();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    idle.push_back(server.resident_mb());
  }
  ServerProcess server;
  fill_sessions(server.database(), 0, count_of(1'000'000, 10'000), std::chrono::hours(24));
  server.start();
  Samples busy;
  for (std::uint64_t generation = 1; generation <= kRounds; ++generation) {
    refresh_each(server, count_of(100'000, 1'000), generation);
    busy.push_back(server.resident_mb());
  }
  Report report;
  report.add("memory.idle_mb", "MB", idle);
  report.add("memory.1m_sessions_mb", "MB", busy);
  return report.finish(argc, argv);
}
