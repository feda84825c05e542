// `GET /verify` of a token that is known allocates nothing, on its whole way through the server as it is: wire, routes, check.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <string>
#include <thread>

#include "base/clock.h"
#include "main/serve.h"
#include "main/testing/server_calls.h"
#include "tests/testing/temporary_directory.h"
#include "verify/testing/allocation_count.h"
#include "verify/testing/token_maker.h"

namespace rescind {
namespace {

using testing::call;
using testing::find_free_port;

constexpr int kRequests = 3200;
constexpr int kRounds = 3;
// Beside the requests there are tasks that come by time: a date four times a second, a key rotation's look, the lease.
constexpr std::uint64_t kAllowed = 10;

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// What the server runs on: all threads of this process but the test's own.
class VerifySteadyState : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!kAllocationsAreCounted) GTEST_SKIP() << "the sanitizers count for themselves";
    std::ofstream(directory.file("keys.json")) << "{\"keys\":[" << stranger.public_jwk() << "]}";
    const std::string toml =
        "[[issuers]]\nname = \"other\"\nissuer = \"https://other.example\"\naudience = \"api\"\njwks_file = \"" +
        directory.file("keys.json") + "\"\n";
    const std::string address = "127.0.0.1:" + std::to_string(port);
    auto config = parse_config({ConfigFile{"rescind.toml", toml},
                                {},
                                {{"--data", directory.file("data")},
                                 {"--server.listen", address},
                                 {"--server.threads", "1"},
                                 {"--store.url", "memory:"},
                                 {"--feed.lease", "5m"},
                                 {"--log.level", "off"}}});
    ASSERT_TRUE(config) << config.error().message;
    server = std::thread([config = std::move(*config)] {
      const auto served = serve(config, {.admin_key = Secret(testing::kAdminKey), .master_secret = Secret()});
      EXPECT_TRUE(served);
    });
    leave_out_this_thread();
    ASSERT_TRUE(testing::becomes_ready(port));
    token = testing::adopt(port, "ada");
    ASSERT_FALSE(token.empty());
  }

  void TearDown() override {
    if (!server.joinable()) return;
    ::pthread_kill(server.native_handle(), SIGTERM);
    server.join();
  }

  // By the server, for kRequests, of which `depth` are sent at once; the least of some rounds, for what comes by time is not
  // of the requests.
  std::uint64_t allocations_for(const std::string& credentials, int depth, const std::string& status) {
    LoopbackClient client(port);
    const std::string request = "GET /verify HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n" + credentials + "\r\n\r\n";
    const std::string batch = repeated(request, depth);
    std::uint64_t least = ~std::uint64_t{0};
    for (int round = 0; round <= kRounds; ++round) {
      const std::uint64_t before = allocations_made();
      for (int i = 0; i < kRequests / depth; ++i) {
        client.send(batch);
        for (int answer = 0; answer < depth; ++answer) EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 " + status));
      }
      if (round > 0) least = std::min(least, allocations_made() - before);  // the first one warms up
    }
    return least;
  }

  const testing::TokenMaker stranger = testing::TokenMaker::generate(Algorithm::kEs256);
  const TemporaryDirectory directory;
  const std::uint16_t port = find_free_port();
  std::thread server;
  std::string token;
};

TEST_F(VerifySteadyState, AKnownTokenAllocatesNothing) {
  for (const std::string& credentials : {"Authorization: Bearer " + token, "Cookie: theme=dark; rescind=" + token}) {
    for (const int depth : {1, 16}) {
      EXPECT_LE(allocations_for(credentials, depth, "200 "), kAllowed) << credentials.substr(0, 7) << ", depth " << depth;
    }
  }
  const std::string foreign =
      stranger.make(R"({"alg":"ES256","kid":"key-1"})",
                    testing::ClaimsText(to_seconds(SystemClock().wall_now())).set("iss", R"("https://other.example")").text());
  EXPECT_LE(allocations_for("Authorization: Bearer " + foreign, 16, "200 "), kAllowed) << "of a trusted issuer";
  EXPECT_GE(allocations_for("Authorization: Bearer " + token + "x", 16, "401 "), std::uint64_t{kRequests});  // it counts
}

}  // namespace
}  // namespace rescind
