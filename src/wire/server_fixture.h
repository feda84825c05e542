// A server on a free port with a handler that echoes. For tests.
#ifndef RESCIND_WIRE_SERVER_FIXTURE_H_
#define RESCIND_WIRE_SERVER_FIXTURE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "wire/loopback_client.h"
#include "wire/server.h"

namespace rescind {

using namespace std::chrono_literals;

// Paths say what to do. Those under /slow go through the coroutine; /block holds up its whole thread.
class TinyHandler final : public Handler {
 public:
  bool try_answer(const Request& request, Response& response) override {
    if (request.path.starts_with("/slow")) return false;
    if (request.path == "/block") {
      ++waiting;
      std::this_thread::sleep_for(100ms);
    }
    response = respond(request);
    return true;
  }

  Task<Response> answer(const Request& request) override {
    const auto executor = co_await boost::asio::this_coro::executor;
    ++waiting;
    boost::asio::steady_timer timer(executor, request.path == "/slow/never" ? 1h : 300ms);
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return respond(request);
  }

  std::atomic<int> waiting{0};

 private:
  static Response respond(const Request& request) {
    if (request.path.ends_with("/throw")) throw std::runtime_error("a secret");
    if (request.path.ends_with("/split")) return {200, {{"X", "a\r\nSet-Cookie: b"}}, ""};
    if (request.path == "/big") return {200, {}, std::string(4'000'000, 'x')};
    if (request.path == "/peer") return {200, {}, std::string(request.peer_address)};
    std::string echo(request.method);
    echo.append(" ").append(request.path).append("?").append(request.query).append(" ").append(request.body);
    for (const HeaderField& field : request.headers) {
      if (field.name == "X-Echo") echo.append(" ").append(field.value);
    }
    return {200, {{"X-Test", "yes"}}, echo};
  }
};

class ServerTest : public testing::Test {
 protected:
  void start(WireLimits limits = {}, std::size_t threads = 2) {
    server_ = std::make_unique<Server>(threads, limits, handler_, log_, metrics_, tls_.get());
    const auto started = server_->start({"127.0.0.1", 0});
    ASSERT_TRUE(started) << started.error().message;
  }
  std::uint16_t port() const { return server_->port(); }

  // Waits for up to 5 s for a line of the metrics.
  bool metric_becomes(const std::string& line) {
    for (int i = 0; i < 500; ++i) {
      if (metrics_.render().find(line + "\n") != std::string::npos) return true;
      std::this_thread::sleep_for(10ms);
    }
    ADD_FAILURE() << metrics_.render();
    return false;
  }
  void wait_for_handler(int count = 1) {
    while (handler_.waiting < count) std::this_thread::sleep_for(1ms);
  }

  TinyHandler handler_;
  Log log_{LogLevel::kOff, LogFormat::kText};
  Metrics metrics_;
  std::unique_ptr<TlsContext> tls_;  // null: plain HTTP
  std::unique_ptr<Server> server_;
};

inline std::string get(const std::string& path, const std::string& fields = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}
inline std::string post(const std::string& path, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
inline std::chrono::milliseconds time_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

}  // namespace rescind

#endif  // RESCIND_WIRE_SERVER_FIXTURE_H_
