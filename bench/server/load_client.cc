#include "bench/server/load_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "bench/measure/clocks.h"
#include "bench/server/work_directory.h"

namespace rescind::bench {
namespace {

int connect_to(std::uint16_t port) {
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const int on = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) give_up("cannot connect");
  return connection;
}

std::size_t number_in(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Our server writes Content-Length in this very form, and none with a 204.
std::optional<Answer> parse_answer(std::string_view received) {
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view head = received.substr(0, end + 4);
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const std::size_t length_at = head.find(kLength);
  const std::size_t length = length_at == std::string_view::npos ? 0 : number_in(head.substr(length_at + kLength.size()));
  if (received.size() < head.size() + length) return std::nullopt;
  return Answer{static_cast<unsigned>(number_in(head.substr(9))), head, received.substr(head.size(), length), 0};
}

}  // namespace

LoadClient::LoadClient(std::uint16_t port, std::size_t connections) : connections_(connections), epoll_(epoll_create1(0)) {
  for (std::size_t i = 0; i < connections; ++i) {
    connections_[i].socket = connect_to(port);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i].socket, &event) != 0) give_up("cannot wait for a connection");
  }
}

LoadClient::~LoadClient() {
  for (const Connection& connection : connections_) close(connection.socket);
  close(epoll_);
}

void LoadClient::run(const Next& next, const Take& take, std::chrono::nanoseconds pace) {
  const std::int64_t begun = steady_ns();
  period_ns_ = pace.count() * static_cast<std::int64_t>(connections_.size());
  open_ = connections_.size();
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    connections_[i].is_done = false;
    connections_[i].due_ns = begun + pace.count() * static_cast<std::int64_t>(i);
  }
  std::array<epoll_event, 256> events;
  while (true) {
    const std::optional<std::int64_t> due = send_what_is_due(next);
    if (open_ == 0) return;
    timespec wait{};
    const std::int64_t wait_ns = due ? std::max<std::int64_t>(0, *due - steady_ns()) : 0;
    wait.tv_sec = wait_ns / 1'000'000'000;
    wait.tv_nsec = wait_ns % 1'000'000'000;
    const int count = epoll_pwait2(epoll_, events.data(), events.size(), due ? &wait : nullptr, nullptr);
    for (int i = 0; i < count; ++i) receive(static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64), next, take);
  }
}

std::optional<std::int64_t> LoadClient::send_what_is_due(const Next& next) {
  std::optional<std::int64_t> earliest;
  const std::int64_t now = steady_ns();
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    const Connection& connection = connections_[i];
    if (connection.is_done || connection.is_waiting) continue;
    if (connection.due_ns <= now) send_next(i, next);
    if (!connection.is_done && !connection.is_waiting)
      earliest = std::min(earliest.value_or(connection.due_ns), connection.due_ns);
  }
  return earliest;
}

void LoadClient::send_next(std::size_t index, const Next& next) {
  Connection& connection = connections_[index];
  const std::optional<std::string> request = next(index);
  if (!request) {
    connection.is_done = true;
    --open_;
    return;
  }
  if (period_ns_ == 0) connection.due_ns = steady_ns();
  if (send(connection.socket, request->data(), request->size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request->size())) {
    give_up("cannot send a request");
  }
  connection.is_waiting = true;
}

void LoadClient::receive(std::size_t index, const Next& next, const Take& take) {
  Connection& connection = connections_[index];
  std::array<char, 16 * 1024> buffer;
  const ssize_t size = recv(connection.socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (size <= 0) give_up("the server has closed a connection");
  connection.received.append(buffer.data(), static_cast<std::size_t>(size));
  std::optional<Answer> answer = parse_answer(connection.received);
  if (!answer) return;
  answer->waited_ns = steady_ns() - connection.due_ns;
  connection.is_waiting = false;
  take(index, *answer);
  connection.received.clear();
  if (period_ns_ == 0) {
    send_next(index, next);
  } else {
    connection.due_ns += period_ns_;
  }
}

std::string make_request(std::string_view method, std::string_view path, std::string_view fields, std::string_view json) {
  std::string text = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields);
  if (!json.empty()) text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) + "\r\n";
  return text.append("\r\n").append(json);
}

}  // namespace rescind::bench
