// The 99th percentile of /verify while 1,000 log-ins wait for argon2, over the same on a quiet server; and beside it while they
// arrive. The whole server, its hashing thread too, has core 0, and whoever asks has core 1. Each log-in must be answered 200,
// or 503 with Retry-After.
#include <atomic>
#include <cstdio>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "bench/measure/clocks.h"
#include "bench/measure/report.h"
#include "bench/server/load_client.h"
#include "bench/server/server_process.h"

namespace rescind::bench {
namespace {

std::size_t log_ins() { return count_of(1000, 50); }

constexpr std::size_t kVerifiers = 16;
constexpr std::size_t kRounds = 5;
constexpr std::chrono::microseconds kPace{500};  // 2,000 a second

// One account and one address stand for a thousand: what limits the guessing of passwords would turn them away.
std::vector<std::string> flags() {
  const std::string attempts = "10000";
  return {"--login.free-attempts",         attempts, "--login.account-free-attempts", attempts,
          "--login.address-free-attempts", attempts};
}

std::string text_of(std::string_view json, std::string_view name) {
  const std::string before = "\"" + std::string(name) + "\":\"";
  const std::size_t begin = json.find(before);
  if (begin == std::string_view::npos) give_up("no " + std::string(name) + " in an answer");
  return std::string(json.substr(begin + before.size(), json.find('"', begin + before.size()) - begin - before.size()));
}

// One request on a connection of its own.
std::string body_of_answer(std::uint16_t port, const std::string& request, unsigned status) {
  std::string body;
  bool sent = false;
  LoadClient(port, 1).run(
      [&](std::size_t) -> std::optional<std::string> {
        if (std::exchange(sent, true)) return std::nullopt;
        return request;
      },
      [&](std::size_t, const Answer& answer) {
        if (answer.status != status) give_up("a request was answered " + std::to_string(answer.status));
        body = answer.body;
      });
  return body;
}

std::string sign_up(std::uint16_t port) {
  const std::string request =
      make_request("POST", "/auth/signup", "", R"({"email":"ada@example.com","password":"correct horse","delivery":"body"})");
  return text_of(body_of_answer(port, request, 201), "access_token");
}

std::size_t waiting_log_ins(std::uint16_t port) {
  constexpr std::string_view kName = "\nrescind_password_checks_waiting ";
  const std::string metrics = body_of_answer(port, make_request("GET", "/metrics", ""), 200);
  const std::size_t at = metrics.find(kName);
  if (at == std::string::npos) give_up("/metrics does not say how many wait");
  return static_cast<std::size_t>(std::stod(metrics.substr(at + kName.size())));
}

// Milliseconds of the 99th percentile over `count` checks.
double measure_verify(std::uint16_t port, const std::string& token, std::size_t count) {
  const std::string request = make_request("GET", "/verify", "Authorization: Bearer " + token + "\r\n");
  std::size_t left = count;
  Samples waited;
  LoadClient(port, kVerifiers)
      .run(
          [&](std::size_t) -> std::optional<std::string> {
            if (left == 0) return std::nullopt;
            --left;
            return request;
          },
          [&](std::size_t, const Answer& answer) {
            if (answer.status != 200) give_up("/verify was answered " + std::to_string(answer.status));
            waited.push_back(static_cast<double>(answer.waited_ns) / 1e6);
          },
          kPace);
  return percentile(std::move(waited), 0.99);
}

// All at once; counts what is answered.
class Flood {
 public:
  explicit Flood(std::uint16_t port) : client_(port, log_ins()), asked_(log_ins(), false), thread_([this] { run(); }) {}
  ~Flood() { thread_.join(); }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  std::size_t answered() const { return answered_; }
  std::size_t refused() const { return refused_; }

  // Until the server has received them all: those that neither wait nor are answered are on their way from one to the other.
  void wait_for_arrival(std::uint16_t port) const {
    const std::size_t most = log_ins() - log_ins() / 50;
    while (waiting_log_ins(port) + answered_ < most) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }

 private:
  void run() {
    client_.run(
        [&](std::size_t connection) -> std::optional<std::string> {
          if (asked_[connection]) return std::nullopt;
          asked_[connection] = true;
          return make_request("POST", "/auth/login", "", R"({"email":"ada@example.com","password":"correct horse"})");
        },
        [&](std::size_t, const Answer& answer) {
          const bool is_refused = answer.status == 503 && answer.head.find("\r\nRetry-After: ") != std::string_view::npos;
          if (answer.status != 200 && !is_refused) give_up("a log-in was answered " + std::to_string(answer.status));
          ++answered_;
          if (is_refused) ++refused_;
        });
  }

  LoadClient client_;
  std::vector<bool> asked_;
  std::atomic<std::size_t> answered_{0};
  std::atomic<std::size_t> refused_{0};
  std::thread thread_;
};

}  // namespace
}  // namespace rescind::bench

int main(int argc, char** argv) {
  using namespace rescind::bench;
  ServerProcess server;
  std::vector<std::string> all_may_wait = flags();
  all_may_wait.insert(all_may_wait.end(), {"--password.max-queued", std::to_string(log_ins())});
  pin_to_core(0);
  server.start(all_may_wait);
  pin_to_core(1);
  const std::string token = sign_up(server.port());
  const std::size_t count = count_of(10'000, 500);
  measure_verify(server.port(), token, count);
  Samples quiet;
  Samples arriving;
  Samples flooded;
  Samples memory;
  for (std::size_t round = 0; round < kRounds; ++round) {
    quiet.push_back(measure_verify(server.port(), token, count));
    Flood flood(server.port());
    arriving.push_back(measure_verify(server.port(), token, count / 20));
    flood.wait_for_arrival(server.port());
    flooded.push_back(measure_verify(server.port(), token, count));
    memory.push_back(server.resident_mb());
    if (flood.answered() == log_ins() && !is_quick()) give_up("the flood was over before the measurement");
  }
  // With the default queue: some are told to come again, and none is left without an answer.
  server.stop();
  pin_to_core(0);
  server.start(flags());
  pin_to_core(1);
  {
    Flood flood(server.port());
    while (flood.answered() < log_ins()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::printf("%zu of %zu log-ins at once were told to come again\n", flood.refused(), log_ins());
  }
  Report report;
  report.add("verify_p99_under_login_flood", "ratio", ratios(flooded, quiet));
  report.add("flood.verify_p99_quiet_ms", "ms", quiet);
  report.add("flood.verify_p99_ms", "ms", flooded);
  report.add("flood.verify_p99_ms.arriving", "ms", arriving);
  report.add("flood.resident_mb", "MB", memory);
  return report.finish(argc, argv);
}
