// CPU of one whole POST /auth/refresh (HTTP, JSON, SQLite with its flush, ES256) in the server, next to one bare ES256
// signature with OpenSSL 3. 64 connections, each with a session of its own, one refresh after the other.
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <memory>

#include "bench/measure/clocks.h"
#include "bench/measure/report.h"
#include "bench/server/fill_store.h"
#include "bench/server/filled_tokens.h"
#include "bench/server/load_client.h"
#include "bench/server/server_process.h"

namespace rescind::bench {
namespace {

constexpr std::size_t kConnections = 64;
constexpr std::size_t kRounds = 61;  // short turns: how busy the host is changes within a second

// Each connection has a session of its own.
class Refreshing {
 public:
  explicit Refreshing(const std::string& data) : tokens_(data), generations_(kConnections, 1) {}

  std::string request(std::size_t connection) const { return tokens_.refresh_request(connection, generations_[connection]); }
  void take(std::size_t connection, const Answer& answer) {
    if (answer.status != 200) give_up("a refresh was answered " + std::to_string(answer.status));
    ++generations_[connection];
  }

 private:
  FilledTokens tokens_;
  std::vector<std::uint64_t> generations_;
};

// Microseconds of the server's CPU for one refresh.
double measure_refreshes(ServerProcess& server, LoadClient& client, Refreshing& refreshing, std::size_t count) {
  std::size_t left = count;
  const std::int64_t begun = server.cpu_ns();
  client.run(
      [&](std::size_t connection) -> std::optional<std::string> {
        if (left == 0) return std::nullopt;
        --left;
        return refreshing.request(connection);
      },
      [&](std::size_t connection, const Answer& answer) { refreshing.take(connection, answer); });
  return static_cast<double>(server.cpu_ns() - begun) / 1e3 / static_cast<double>(count);
}

// Microseconds for one signature of as many bytes as an access token's, as a program without a server would do it.
double measure_signatures(std::size_t count) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const std::string input(500, 'x');
  return cpu_ns_per_call(count,
                         [&](std::size_t) {
                           const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                                 &EVP_MD_CTX_free);
                           unsigned char signature[80];
                           std::size_t size = sizeof signature;
                           const auto* bytes = reinterpret_cast<const unsigned char*>(input.data());
                           if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
                               EVP_DigestSign(context.get(), signature, &size, bytes, input.size()) != 1) {
                             give_up("OpenSSL cannot sign");
                           }
                           keep(signature);
                         }) /
         1e3;
}

}  // namespace
}  // namespace rescind::bench

int main(int argc, char** argv) {
  using namespace rescind::bench;
  ServerProcess server;
  fill_sessions(server.database(), 0, kConnections, std::chrono::hours(24));
  server.start();
  Refreshing refreshing(server.data());
  LoadClient client(server.port(), kConnections);
  const std::size_t count = count_of(3'000, 300);
  measure_refreshes(server, client, refreshing, count);
  const Contender contenders[] = {[&] { return measure_refreshes(server, client, refreshing, count); },
                                  [&] { return measure_signatures(count); }};
  const std::vector<Samples> samples = take_turns(contenders, kRounds);
  Report report;
  report.add("http.refresh_cpu_vs_sign", "ratio", ratios(samples[0], samples[1]));
  report.add("http.refresh_cpu_us", "us", samples[0]);
  report.add("http.sign_cpu_us", "us", samples[1]);
  return report.finish(argc, argv);
}
