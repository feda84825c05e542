// Keep-alive requests that are answered at once cost the wire no allocation. A program of its own, for it counts them all.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "verify/testing/allocation_count.h"
#include "wire/loopback_client.h"
#include "wire/server.h"

namespace rescind {
namespace {

class IdentityHandler final : public Handler {
 public:
  bool try_answer(const Request& request, Response& response) override {
    if (request.path == "/allocate") response.body = std::string(100, 'x');
    response.fields.add("Cache-Control", "no-store");
    for (int i = 0; i < 8; ++i) response.fields.add("X-Auth-User", "4f3c2b1a-0d9e-4c8b-a7f6-e5d4c3b2a190");
    return true;
  }
  Task<Response> answer(const Request&) override { co_return Response{}; }
};

// By the server, for `count` requests to `path` after some to warm up.
std::uint64_t allocations_for(LoopbackClient& client, const std::string& path, int count) {
  const std::string request =
      "GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept: */*\r\nAuthorization: Bearer " + std::string(400, 't') + "\r\n\r\n";
  std::uint64_t before = 0;
  for (int i = -10; i < count; ++i) {
    if (i == 0) before = allocations_made();
    EXPECT_TRUE(client.ask(request).starts_with("HTTP/1.1 200 "));
  }
  return allocations_made() - before;
}

TEST(SteadyState, KeepAliveRequestsAllocateNothing) {
  if (!kAllocationsAreCounted) GTEST_SKIP();
  leave_out_this_thread();
  IdentityHandler handler;
  Log log(LogLevel::kOff, LogFormat::kText);
  Metrics metrics;
  Server server(1, WireLimits{}, handler, log, metrics);
  ASSERT_TRUE(server.start({"127.0.0.1", 0}));
  LoopbackClient client(server.port());
  // Four times a second the worker's sweep writes a new date; that is all there may be.
  EXPECT_LT(allocations_for(client, "/verify", 3000), 10u);
  EXPECT_GE(allocations_for(client, "/allocate", 1000), 1000u);  // the counter counts
}

}  // namespace
}  // namespace rescind
