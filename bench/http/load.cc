#include "bench/http/load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <string_view>
#include <system_error>

#include "bench/http/answer_reader.h"
#include "bench/measure/clocks.h"

namespace rescind::bench {
namespace {

constexpr int kStallMilliseconds = 10'000;

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "load: %s\n", what.c_str());
  std::exit(1);
}

[[noreturn]] void give_up_on_errno(const std::string& what) { give_up(what + ": " + std::generic_category().message(errno)); }

std::int64_t cpu_ns_of(const std::vector<pid_t>& processes) {
  std::int64_t sum = 0;
  for (const pid_t process : processes) {
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0)
      give_up("no process " + std::to_string(process));
    sum += std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  }
  return sum;
}

class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) give_up_on_errno("connect");
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const { return socket_; }
  std::size_t in_flight() const { return in_flight_; }

  void send(std::string_view batch, std::size_t requests) {
    sent_at_ = steady_ns();
    in_flight_ = requests;
    while (!batch.empty()) {
      const ssize_t sent = ::send(socket_, batch.data(), batch.size(), MSG_NOSIGNAL);
      if (sent < 0) give_up_on_errno("send");
      batch.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // One read; returns how many answers were completed by it, and notes the latency of each.
  std::size_t receive(int expected_status, Samples& latencies_us) {
    const ssize_t received = ::recv(socket_, buffer_.data() + filled_, buffer_.size() - filled_, MSG_DONTWAIT);
    if (received == 0) give_up("the server closed a connection");
    if (received < 0) give_up_on_errno("recv");
    filled_ += static_cast<std::size_t>(received);
    const double latency_us = static_cast<double>(steady_ns() - sent_at_) / 1000;
    std::string_view rest(buffer_.data(), filled_);
    std::size_t answers = 0;
    while (const std::optional<Answer> answer = read_answer(rest)) {
      if (answer->status != expected_status || in_flight_ == 0) give_up("unexpected answer:\n" + std::string(rest));
      rest.remove_prefix(answer->size);
      latencies_us.push_back(latency_us);
      --in_flight_;
      ++answers;
    }
    if (rest.size() == buffer_.size()) give_up("an answer is too long");
    std::memmove(buffer_.data(), rest.data(), rest.size());
    filled_ = rest.size();
    return answers;
  }

 private:
  int socket_;
  std::size_t in_flight_ = 0;
  std::int64_t sent_at_ = 0;
  std::size_t filled_ = 0;
  std::array<char, 64 * 1024> buffer_;
};

class Load {
 public:
  explicit Load(const LoadPlan& plan) : plan_(plan), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (std::size_t i = 0; i < plan.connections; ++i) {
      connections_.push_back(std::make_unique<Connection>(plan.port));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = connections_.back().get();
      if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_.back()->socket(), &event) != 0) give_up_on_errno("epoll_ctl");
    }
  }
  ~Load() { ::close(epoll_); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // Sends `count` requests and returns when each has its answer.
  Samples run(std::size_t count) {
    Samples latencies_us;
    latencies_us.reserve(count);
    to_send_ = count;
    for (const auto& connection : connections_) send_next(*connection);
    std::array<epoll_event, 64> events;
    while (latencies_us.size() < count) {
      const int ready = ::epoll_wait(epoll_, events.data(), events.size(), kStallMilliseconds);
      if (ready == 0) give_up("the server does not answer");
      for (int i = 0; i < ready; ++i) {
        auto& connection = *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
        connection.receive(plan_.expected_status, latencies_us);
        if (connection.in_flight() == 0) send_next(connection);
      }
    }
    return latencies_us;
  }

 private:
  void send_next(Connection& connection) {
    const std::size_t requests = std::min(plan_.depth, to_send_);
    if (requests == 0) return;
    to_send_ -= requests;
    if (requests == 1) return connection.send(next_request(), 1);
    batch_.clear();
    for (std::size_t i = 0; i < requests; ++i) batch_ += next_request();
    connection.send(batch_, requests);
  }

  const std::string& next_request() { return plan_.requests[next_++ % plan_.requests.size()]; }

  const LoadPlan& plan_;
  int epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::size_t to_send_ = 0;
  std::size_t next_ = 0;
  std::string batch_;
};

}  // namespace

LoadResult run_load(const LoadPlan& plan) {
  Load load(plan);
  load.run(plan.warm_up);
  LoadResult result;
  const std::int64_t own_cpu_start = thread_cpu_ns();
  const std::int64_t cpu_start = cpu_ns_of(plan.measured_processes);
  const std::int64_t start = steady_ns();
  result.latencies_us = load.run(plan.count);
  result.seconds = static_cast<double>(steady_ns() - start) / 1e9;
  result.cpu_seconds = static_cast<double>(cpu_ns_of(plan.measured_processes) - cpu_start) / 1e9;
  result.own_cpu_seconds = static_cast<double>(thread_cpu_ns() - own_cpu_start) / 1e9;
  return result;
}

}  // namespace rescind::bench
