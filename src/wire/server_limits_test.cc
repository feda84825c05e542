// Time-outs, limits and the end of the server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <future>
#include <string>
#include <thread>

#include "wire/server_fixture.h"

namespace rescind {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

using ServerLimitsTest = ServerTest;

// Threat: slowloris. A byte now and then buys no time.
TEST_F(ServerLimitsTest, SlowHeadIsTimedOut) {
  start({.head_timeout = 1s});
  LoopbackClient client(port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n");
  std::jthread dripping([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && client.send("A: b\r\n")) std::this_thread::sleep_for(100ms);
  });
  EXPECT_THAT(client.read_answer(), AllOf(StartsWith("HTTP/1.1 408 "), HasSubstr("\"code\":\"request_timeout\"")));
}

TEST_F(ServerLimitsTest, SlowBodyIsTimedOut) {
  start({.body_timeout = 1s});
  LoopbackClient client(port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  std::jthread dripping([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && client.send("x")) std::this_thread::sleep_for(100ms);
  });
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 408 "));
}

TEST_F(ServerLimitsTest, IdleConnectionIsClosedInSilence) {
  start({.idle_timeout = 1s});
  LoopbackClient unused(port());
  LoopbackClient used(port());
  used.ask(get("/"));
  EXPECT_TRUE(unused.is_closed());
  EXPECT_TRUE(used.is_closed());
  EXPECT_TRUE(metric_becomes("rescind_connections_open 0"));
}

TEST_F(ServerLimitsTest, TimeoutsDoNotEndWhatIsAlive) {
  start({.head_timeout = 1s, .body_timeout = 1s, .idle_timeout = 1s, .write_timeout = 1s});
  LoopbackClient client(port());
  for (int i = 0; i < 3; ++i) {
    for (const char* part : {"POST /slow HTTP/1.1\r\nHost", ": a\r\nContent-Length: 2\r\n\r\nh"}) {
      client.send(part);
      std::this_thread::sleep_for(600ms);
    }
    EXPECT_THAT(client.ask("i"), EndsWith("POST /slow? hi"));
    std::this_thread::sleep_for(600ms);
  }
}

// Threat: slow read.
TEST_F(ServerLimitsTest, ReaderThatTakesNothingIsDropped) {
  start({.write_timeout = 1s});
  LoopbackClient client(port(), 4096);
  std::string all;
  for (int i = 0; i < 64; ++i) all += get("/big");
  client.send(all);
  EXPECT_TRUE(metric_becomes("rescind_wire_errors_total{reason=\"write_timeout\"} 1"));
  EXPECT_TRUE(metric_becomes("rescind_connections_open 0"));
}

// What it sends is read and thrown away for a while, so that the refusal arrives, and not for ever.
TEST_F(ServerLimitsTest, PeerThatNeverStopsSendingIsCutOff) {
  start();
  LoopbackClient client(port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
  const std::string part(300'000, 'x');
  const auto end = std::chrono::steady_clock::now() + 10s;
  bool is_taken = true;
  while (is_taken && std::chrono::steady_clock::now() < end) is_taken = client.send(part);
  EXPECT_FALSE(is_taken);
  EXPECT_TRUE(metric_becomes("rescind_connections_open 0"));
}

TEST_F(ServerLimitsTest, ConnectionsOverTheLimitAreClosedAtOnce) {
  start({.connections = 2});
  LoopbackClient first(port());
  first.ask(get("/"));
  {
    LoopbackClient second(port());
    second.ask(get("/"));
    EXPECT_TRUE(LoopbackClient(port()).is_closed());
    EXPECT_TRUE(metric_becomes("rescind_connections_refused_total 1"));
    EXPECT_TRUE(metric_becomes("rescind_connections_accepted_total 2"));
  }
  EXPECT_TRUE(metric_becomes("rescind_connections_open 1"));
  EXPECT_THAT(LoopbackClient(port()).ask(get("/again")), EndsWith("GET /again? "));
}

TEST_F(ServerLimitsTest, RunningOutOfDescriptorsIsSurvived) {
  start({}, 1);
  LoopbackClient before(port());
  before.ask(get("/"));
  rlimit old{};
  getrlimit(RLIMIT_NOFILE, &old);
  LoopbackClient waiting(port());
  waiting.ask(get("/"));
  const int lowest = ::dup(0);
  ::close(lowest);
  const rlimit none{static_cast<rlim_t>(lowest) + 1, old.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  LoopbackClient late(port());  // takes the last descriptor: the server has none to accept it with
  late.send(get("/late"));
  EXPECT_TRUE(late.connected());
  EXPECT_TRUE(metric_becomes("rescind_wire_errors_total{reason=\"accept_failed\"} 2"));
  EXPECT_THAT(before.ask(get("/still")), EndsWith("GET /still? "));
  setrlimit(RLIMIT_NOFILE, &old);
  EXPECT_THAT(late.read_answer(), EndsWith("GET /late? "));
}

TEST_F(ServerLimitsTest, StopWithIdleConnectionsReturnsAtOnce) {
  start();
  LoopbackClient unused(port());
  LoopbackClient used(port());
  used.ask(get("/"));
  EXPECT_LT(time_of([&] { server_->stop(10s); }), 5s);
  EXPECT_TRUE(unused.is_closed());
  EXPECT_TRUE(used.is_closed());
  EXPECT_FALSE(LoopbackClient(port()).connected());
}

// The word to stop then comes between the connection's write and its next read.
TEST_F(ServerLimitsTest, StopDuringAFastAnswerReturnsAtOnce) {
  start({}, 1);
  LoopbackClient client(port());
  client.send(get("/block"));
  wait_for_handler();
  EXPECT_LT(time_of([&] { server_->stop(10s); }), 2s);
  EXPECT_THAT(client.read_answer(), EndsWith("GET /block? "));
}

TEST_F(ServerLimitsTest, StopLetsRequestsInFlightFinish) {
  start();
  LoopbackClient client(port());
  client.send(get("/slow"));
  wait_for_handler();
  EXPECT_LT(time_of([&] { server_->stop(10s); }), 5s);
  EXPECT_THAT(client.read_answer(), AllOf(EndsWith("GET /slow? "), HasSubstr("Connection: close")));
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServerLimitsTest, StopLetsAHalfReadRequestFinish) {
  start();
  LoopbackClient client(port());
  client.ask(get("/"));
  client.send("POST /half HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  client.read_answer();
  auto stopped = std::async(std::launch::async, [&] { server_->stop(10s); });
  std::this_thread::sleep_for(100ms);
  EXPECT_THAT(client.ask("hi"), EndsWith("POST /half? hi"));
  EXPECT_EQ(stopped.wait_for(5s), std::future_status::ready);
}

TEST_F(ServerLimitsTest, StopDoesNotWaitForAHandlerThatNeverAnswers) {
  start();
  LoopbackClient client(port());
  client.send(get("/slow/never"));
  wait_for_handler();
  EXPECT_LT(time_of([&] { server_->stop(200ms); }), 2s);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServerLimitsTest, DestructionStops) {
  start();
  LoopbackClient client(port());
  client.send(get("/slow/never"));
  wait_for_handler();
  server_.reset();
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace rescind
