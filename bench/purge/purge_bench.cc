// The 99th percentiles of /verify and of a refresh while a million expired revocations and a million expired sessions are
// purged, over the same before the purge begins.
#include <thread>

#include "bench/measure/clocks.h"
#include "bench/measure/report.h"
#include "bench/server/fill_store.h"
#include "bench/server/filled_tokens.h"
#include "bench/server/load_client.h"
#include "bench/server/server_process.h"

namespace rescind::bench {
namespace {

constexpr std::size_t kConnections = 16;
constexpr std::chrono::milliseconds kPace{2};  // 500 a second of each
constexpr std::size_t kCount = 3'000;          // six seconds; the purge begins ten seconds after the start

struct Percentiles {
  double verify_ms = 0;
  double refresh_ms = 0;
};

// The first half of the connections asks /verify, the others refresh the session of their number, in turn.
class Asking {
 public:
  explicit Asking(const ServerProcess& server)
      : client_(server.port(), 2 * kConnections), tokens_(server.data()), generations_(2 * kConnections, 1) {
    measure(2 * kConnections);  // each that refreshes has an access token then
  }

  Percentiles measure(std::size_t count) {
    std::size_t left = 2 * count;
    Samples verified;
    Samples refreshed;
    client_.run(
        [&](std::size_t connection) -> std::optional<std::string> {
          if (left == 0) return std::nullopt;
          --left;
          const bool refreshes = connection % 2 == 0 || access_.empty();
          return refreshes ? tokens_.refresh_request(connection, generations_[connection]) : verify_request();
        },
        [&](std::size_t connection, const Answer& answer) {
          if (answer.status != 200) give_up("an answer was " + std::to_string(answer.status));
          const bool was_refresh = answer.body.find("access_token") != std::string_view::npos;
          (was_refresh ? refreshed : verified).push_back(static_cast<double>(answer.waited_ns) / 1e6);
          if (was_refresh) take_refreshed(connection, answer.body);
        },
        kPace / 2);
    return {percentile(verified.empty() ? refreshed : verified, 0.99), percentile(refreshed, 0.99)};
  }

 private:
  void take_refreshed(std::size_t connection, std::string_view body) {
    ++generations_[connection];
    constexpr std::string_view kName = R"("access_token":")";
    const std::size_t begin = body.find(kName) + kName.size();
    access_ = body.substr(begin, body.find('"', begin) - begin);
  }
  std::string verify_request() const { return make_request("GET", "/verify", "Authorization: Bearer " + access_ + "\r\n"); }

  LoadClient client_;
  FilledTokens tokens_;
  std::vector<std::uint64_t> generations_;
  std::string access_;
};

}  // namespace
}  // namespace rescind::bench

int main(int argc, char** argv) {
  using namespace rescind::bench;
  using std::chrono::hours;
  ServerProcess server;
  const std::size_t expired = count_of(1'000'000, 10'000);
  fill_sessions(server.database(), 0, 1000, hours(24));
  fill_sessions(server.database(), 1000, expired, -hours(48));
  fill_revocations(server.database(), expired, -hours(48));
  server.start();
  const std::int64_t started = steady_ns();
  Asking asking(server);
  const std::size_t count = count_of(kCount, 300);
  const Percentiles quiet = asking.measure(count);
  while (steady_ns() - started < 12'000'000'000) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const Percentiles purging = asking.measure(count);
  Report report;
  report.add("purge.verify_p99_ratio", "ratio", purging.verify_ms / quiet.verify_ms);
  report.add("purge.refresh_p99_ratio", "ratio", purging.refresh_ms / quiet.refresh_ms);
  report.add("purge.verify_p99_ms", "ms", purging.verify_ms);
  report.add("purge.refresh_p99_ms", "ms", purging.refresh_ms);
  return report.finish(argc, argv);
}
