// Many connections to a server on loopback, driven by one thread: each has one request under way at a time.
#ifndef RESCIND_BENCH_SERVER_LOAD_CLIENT_H_
#define RESCIND_BENCH_SERVER_LOAD_CLIENT_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rescind::bench {

struct Answer {
  unsigned status = 0;
  std::string_view head;
  std::string_view body;
  std::int64_t waited_ns = 0;  // since the request was sent or, with a pace, since it was due
};

// Thread-safety: members are for one thread.
class LoadClient {
 public:
  LoadClient(std::uint16_t port, std::size_t connections);
  ~LoadClient();
  LoadClient(const LoadClient&) = delete;
  LoadClient& operator=(const LoadClient&) = delete;

  // The whole text of the connection's next request; absent once it has none left.
  using Next = std::function<std::optional<std::string>(std::size_t connection)>;
  using Take = std::function<void(std::size_t connection, const Answer& answer)>;

  // Without a pace each connection sends its next request as soon as it has its answer; with one, requests are due one after
  // the other, `pace` apart, over all connections in turn, and one that is late is counted from when it was due. Returns once
  // no connection has a request left.
  void run(const Next& next, const Take& take, std::chrono::nanoseconds pace = {});

 private:
  struct Connection {
    int socket = -1;
    std::string received;
    std::int64_t due_ns = 0;  // of the request under way, or the next one
    bool is_waiting = false;  // for an answer
    bool is_done = false;
  };

  void send_next(std::size_t index, const Next& next);
  void receive(std::size_t index, const Next& next, const Take& take);
  std::optional<std::int64_t> send_what_is_due(const Next& next);  // when the next one is

  std::vector<Connection> connections_;
  int epoll_ = -1;
  std::int64_t period_ns_ = 0;  // of one connection; 0: no pace
  std::size_t open_ = 0;        // connections that are not done
};

// A request with this body, or without one where it is empty. `fields` are whole header lines, each with its CR LF.
std::string make_request(std::string_view method, std::string_view path, std::string_view fields, std::string_view json = {});

}  // namespace rescind::bench

#endif  // RESCIND_BENCH_SERVER_LOAD_CLIENT_H_
