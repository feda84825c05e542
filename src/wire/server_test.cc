#include "wire/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <future>
#include <string>
#include <tuple>
#include <vector>

#include "wire/server_fixture.h"

namespace rescind {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  start();
  LoopbackClient client(port());
  for (int i = 0; i < 3; ++i) {
    const std::string answer = client.ask(get("/a?b=" + std::to_string(i)));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
    EXPECT_THAT(answer, HasSubstr("\r\nX-Test: yes\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("Connection")));
    EXPECT_THAT(answer, EndsWith("GET /a?b=" + std::to_string(i) + " "));
  }
  EXPECT_THAT(client.ask(get("/slow", "X-Echo: z\r\n")), EndsWith("GET /slow?  z"));
  EXPECT_THAT(client.ask(get("/peer")), EndsWith("127.0.0.1"));
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  start({.requests_per_batch = 7});
  LoopbackClient client(port());
  std::string all;
  for (int i = 0; i < 100; ++i) all += i % 33 == 5 ? get("/slow/" + std::to_string(i)) : post("/" + std::to_string(i), "x");
  client.send(all);
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(client.read_answer(), HasSubstr("/" + std::to_string(i) + "? ")) << i;
  }
}

TEST_F(ServerTest, AnswersBeforeASlowOneAreNotHeldBack) {
  start();
  LoopbackClient client(port());
  client.send(get("/fast") + get("/slow/never"));
  EXPECT_THAT(client.read_answer(), EndsWith("GET /fast? "));
}

TEST_F(ServerTest, RequestsArriveByteByByte) {
  start({.body_bytes = 100});
  LoopbackClient client(port());
  for (const char c : post("/bytes", "body") + get("/next")) client.send({&c, 1});
  EXPECT_THAT(client.read_answer(), EndsWith("POST /bytes? body"));
  EXPECT_THAT(client.read_answer(), EndsWith("GET /next? "));
}

TEST_F(ServerTest, LargeBodiesFitTheGrowingBuffer) {
  start();
  LoopbackClient client(port());
  const std::string body(64 * 1024, 'b');
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(client.ask(get("/small") + post("/large", body)), EndsWith("GET /small? "));
    EXPECT_THAT(client.read_answer(), EndsWith("POST /large? " + body));
    EXPECT_THAT(client.ask(post("/slow/large", body)), EndsWith("POST /slow/large? " + body));
  }
  const std::string chunk = "8000\r\n" + std::string(0x8000, 'c') + "\r\n";
  const std::string head = "POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_THAT(client.ask(head + chunk + chunk + "0\r\n\r\n" + get("/after")), EndsWith("? " + std::string(0x10000, 'c')));
  EXPECT_THAT(client.read_answer(), EndsWith("GET /after? "));
}

TEST_F(ServerTest, LargeHeadsFitTheGrowingBuffer) {
  start();
  LoopbackClient client(port());
  const std::string value(15 * 1024, 'v');
  for (int i = 0; i < 3; ++i) EXPECT_THAT(client.ask(get("/", "X-Echo: " + value + "\r\n")), EndsWith(value));
}

TEST_F(ServerTest, HeadHasTheLengthAndNoBody) {
  start();
  LoopbackClient client(port());
  client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + get("/b"));
  EXPECT_THAT(client.read_answer(true), HasSubstr("Content-Length: 9\r\n"));
  EXPECT_THAT(client.read_answer(), EndsWith("GET /b? "));
}

TEST_F(ServerTest, ContinueIsSentBeforeTheBodyIsRead) {
  start();
  LoopbackClient client(port());
  client.send("POST /c HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(client.ask("hi"), EndsWith("POST /c? hi"));
}

TEST_F(ServerTest, ContinueIsNotSentToABodyThatIsRefusedOrHere) {
  start({.body_bytes = 10});
  const std::string head = "POST /c HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
  EXPECT_THAT(LoopbackClient(port()).ask(head + "11\r\n\r\n"), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(LoopbackClient(port()).ask(head + "2\r\n\r\nhi"), StartsWith("HTTP/1.1 200 "));
  LoopbackClient half(port());
  half.send(head + "2\r\n\r\nh");
  std::this_thread::sleep_for(100ms);
  EXPECT_THAT(half.ask("i"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, ConnectionCloseIsHonoured) {
  start();
  LoopbackClient client(port());
  EXPECT_THAT(client.ask(get("/", "Connection: close\r\n") + get("/not-answered")), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServerTest, Http10ClosesUnlessItAsksOtherwise) {
  start();
  LoopbackClient once(port());
  EXPECT_THAT(once.ask("GET / HTTP/1.0\r\n\r\n"), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_TRUE(once.is_closed());
  LoopbackClient kept(port());
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(kept.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), HasSubstr("\r\nConnection: keep-alive\r\n"));
  }
}

TEST_F(ServerTest, RefusalsSayWhyAndClose) {
  start({.head_bytes = 1000, .target_bytes = 100, .header_count = 10, .body_bytes = 10});
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"GET / HTTP/1.1\r\n\r\n", "400 Bad Request", "invalid_request"},
      {get("/", "A : b\r\n"), "400 Bad Request", "invalid_request"},
      {"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "405 Method Not Allowed", "method_not_allowed"},
      {post("/", "12345678901"), "413 Content Too Large", "payload_too_large"},
      {get("/" + std::string(100, 'a')), "414 URI Too Long", "uri_too_long"},
      {get("/", "Expect: x\r\n"), "417 Expectation Failed", "expectation_failed"},
      {get("/", "A: " + std::string(1000, 'b') + "\r\n"), "431 Request Header Fields Too Large", "header_too_large"},
      {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", "505 HTTP Version Not Supported", "http_version_not_supported"}};
  for (const auto& [request, status, code] : cases) {
    LoopbackClient client(port());
    client.send(request + get("/smuggled"));
    const std::string answer = client.read_to_end();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 " + status + "\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Type: application/json\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nCache-Control: no-store\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\n\r\n{\"code\":\"" + code + "\",\"message\":\""));
    EXPECT_THAT(answer, Not(HasSubstr("smuggled")));
  }
  EXPECT_TRUE(metric_becomes("rescind_wire_errors_total{reason=\"invalid_request\"} 2"));
  EXPECT_TRUE(metric_becomes("rescind_wire_errors_total{reason=\"payload_too_large\"} 1"));
}

TEST_F(ServerTest, GoodRequestsBeforeABadOneAreAnswered) {
  start();
  LoopbackClient client(port());
  client.send(get("/good") + "bad\r\n\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("GET /good? "));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 400 "));
  EXPECT_TRUE(client.is_closed());
}

// A reset would take the answer away from a client that is still sending.
TEST_F(ServerTest, RefusalReachesAClientThatIsStillSending) {
  start();
  LoopbackClient client(port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(client.send(std::string(300'000, 'x')));
    std::this_thread::sleep_for(20ms);
  }
  client.finish_sending();
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(ServerTest, HalfClosedClientStillGetsItsAnswers) {
  start();
  LoopbackClient client(port());
  client.send(get("/one") + get("/slow/two"));
  client.finish_sending();
  const std::string answers = client.read_to_end();
  EXPECT_THAT(answers, HasSubstr("GET /one? "));
  EXPECT_THAT(answers, EndsWith("GET /slow/two? "));
}

// The end that comes together with the last bytes is told only once.
TEST_F(ServerTest, ConnectionThatTheClientHasLeftIsClosedAtOnce) {
  start();
  for (const std::string& sent : {std::string(), get("/"), get("/slow"), std::string("GET /half"), std::string(20'000, 'x')}) {
    LoopbackClient client(port());
    client.send(sent);
    client.finish_sending();
    client.read_to_end();
    EXPECT_TRUE(metric_becomes("rescind_connections_open 0")) << sent.substr(0, 20);
  }
}

TEST_F(ServerTest, PipelineThatFillsTheBufferManyTimesIsAnsweredWhole) {
  start();
  LoopbackClient client(port());
  constexpr int kCount = 5'000;
  std::jthread sending([&] {
    for (int i = 0; i < kCount; ++i) client.send(get("/" + std::to_string(i)));
  });
  for (int i = 0; i < kCount; ++i) ASSERT_THAT(client.read_answer(), HasSubstr("GET /" + std::to_string(i) + "? "));
}

TEST_F(ServerTest, HandlerThatThrowsIsAnInternalErrorWithoutDetails) {
  start();
  for (const char* path : {"/throw", "/slow/throw"}) {
    LoopbackClient client(port());
    const std::string answer = client.ask(get(path));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
    EXPECT_THAT(answer, HasSubstr("\"code\":\"internal\""));
    EXPECT_THAT(answer, Not(HasSubstr("secret")));
    EXPECT_TRUE(client.is_closed());
  }
  EXPECT_TRUE(metric_becomes("rescind_wire_errors_total{reason=\"internal\"} 2"));
}

TEST_F(ServerTest, HeaderInjectionByARouteIsAnInternalError) {
  start();
  for (const char* path : {"/split", "/slow/split"}) {
    LoopbackClient client(port());
    const std::string answer = client.ask(get(path));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
    EXPECT_THAT(answer, Not(HasSubstr("Set-Cookie")));
    EXPECT_TRUE(client.is_closed());
  }
}

TEST_F(ServerTest, SecondServerOnThePortDoesNotStart) {
  start();
  Server second(1, {}, handler_, log_, metrics_);
  const auto started = second.start({"127.0.0.1", port()});
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("cannot listen on 127.0.0.1:"));
}

TEST_F(ServerTest, OnlyAddressesAreListenedOn) {
  Server server(1, {}, handler_, log_, metrics_);
  EXPECT_FALSE(server.start({"example.org", 0}));
  EXPECT_FALSE(server.start({"", 0}));
  ASSERT_TRUE(server.start({"localhost", 0}));
  EXPECT_THAT(LoopbackClient(server.port()).ask(get("/")), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, ExecutorRunsTheProgramsTasksAndSurvivesTheirExceptions) {
  start();
  boost::asio::post(server_->executor(), [] { throw std::runtime_error("task"); });
  std::promise<void> ran;
  boost::asio::post(server_->executor(), [&] { ran.set_value(); });
  EXPECT_EQ(ran.get_future().wait_for(5s), std::future_status::ready);
}

TEST_F(ServerTest, ManyClientsAreAllAnsweredRight) {
  start();
  std::atomic<int> right{0};
  std::vector<std::jthread> clients;
  for (int c = 0; c < 64; ++c) {
    clients.emplace_back([&, c] {
      LoopbackClient client(port());
      for (int i = 0; i < 100; ++i) {
        const std::string path = "/" + std::to_string(c) + "/" + std::to_string(i);
        right += client.ask(i % 2 == 0 ? get(path) : post(path, path)).find(" " + path + "? ") != std::string::npos;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(right, 6400);
}

}  // namespace
}  // namespace rescind
