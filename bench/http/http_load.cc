// http_load: the load generator as a program. Prints one JSON object: requests, seconds, cpu_seconds, own_cpu_seconds, p50_us,
// p99_us.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>

#include "bench/http/load.h"
#include "bench/measure/clocks.h"

namespace rescind::bench {
namespace {

// A request as a browser behind a proxy sends it: eight header fields, one of them the token.
std::string make_request(const std::string& path, const std::string& token) {
  return "GET " + path +
         " HTTP/1.1\r\n"
         "Host: api.example.com\r\n"
         "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
         "Accept: application/json\r\n"
         "Accept-Language: en-GB,en;q=0.5\r\n"
         "Accept-Encoding: gzip, deflate, br\r\n"
         "X-Forwarded-For: 192.0.2.17\r\n"
         "Cookie: theme=dark; consent=1\r\n"
         "Authorization: Bearer " +
         token + "\r\n\r\n";
}

int run(int argc, char** argv) {
  LoadPlan plan;
  std::string path = "/", tokens;
  unsigned core = 1;
  CLI::App app("a bounded load on a server on loopback, every answer checked", "http_load");
  app.add_option("--port", plan.port)->required();
  app.add_option("--path", path);
  app.add_option("--tokens", tokens, "file with one token a line, taken in rotation")->required();
  app.add_option("--status", plan.expected_status, "that every answer must have");
  app.add_option("--connections", plan.connections)->check(CLI::Range(1, 1024));
  app.add_option("--depth", plan.depth, "requests in flight on a connection")->check(CLI::Range(1, 64));
  app.add_option("--warm-up", plan.warm_up);
  app.add_option("--count", plan.count)->required()->check(CLI::Range(1, 10'000'000));
  app.add_option("--measure", plan.measured_processes, "process ids whose CPU time is measured")->delimiter(',');
  app.add_option("--core", core, "that the load runs on");
  CLI11_PARSE(app, argc, argv);
  std::ifstream lines(tokens);
  for (std::string token; std::getline(lines, token);) plan.requests.push_back(make_request(path, token));
  if (plan.requests.empty()) {
    fmt::print(stderr, "load: no token in {}\n", tokens);
    return 1;
  }
  pin_to_core(core);
  LoadResult result = run_load(plan);
  fmt::print(R"({{"requests":{},"seconds":{},"cpu_seconds":{},"own_cpu_seconds":{},"p50_us":{},"p99_us":{}}})",
             result.latencies_us.size(), result.seconds, result.cpu_seconds, result.own_cpu_seconds,
             percentile(result.latencies_us, 0.5), percentile(result.latencies_us, 0.99));
  return 0;
}

}  // namespace
}  // namespace rescind::bench

int main(int argc, char** argv) { return rescind::bench::run(argc, argv); }
