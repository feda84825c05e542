// The HTTP/1.1 server: sockets, framing, limits and time-outs. One io_context and one SO_REUSEPORT acceptor per thread; a
// connection is one coroutine with a fixed read buffer and one write per batch of pipelined requests.
//
// What it refuses itself (400 unless noted, then the connection closes; body {"code","message"} as everywhere): a head that
// is not strict HTTP/1.x (bare LF or CR, obs-fold, space before the colon, a name or value with a control character), a
// missing or second Host, Content-Length together with Transfer-Encoding, a repeated or non-decimal Content-Length, a
// Transfer-Encoding other than exactly "chunked", a target that is not origin-form or has bytes outside visible ASCII,
// TRACE and CONNECT (405), HTTP/2 preface or other versions (505), a head over its limit (431), a target over its limit
// (414), a body over its limit (413), an Expect other than "100-continue" (417).
#ifndef RESCIND_WIRE_SERVER_H_
#define RESCIND_WIRE_SERVER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "http/handler.h"

namespace rescind {

struct WireLimits {
  std::size_t head_bytes = 16 * 1024;
  std::size_t target_bytes = 8 * 1024;
  std::size_t header_count = 100;
  std::size_t body_bytes = 64 * 1024;
  std::size_t connections = 20'000;        // further ones are closed at once and counted
  std::size_t requests_per_batch = 64;     // pipelined requests answered with one write
  std::chrono::seconds head_timeout{10};   // from the first byte of a request to its head's end
  std::chrono::seconds body_timeout{10};   // from the head's end to the body's end
  std::chrono::seconds idle_timeout{75};   // between requests
  std::chrono::seconds write_timeout{10};  // a reader that takes nothing
};

struct ListenAddress {
  std::string host;  // an IPv4 or IPv6 address, or "localhost"
  std::uint16_t port = 0;
};

// Lifecycle: construct, start(), then stop() once. Not restartable.
// Thread-safety: members are for one thread; the handler is called on the server's threads.
class Server {
 public:
  Server(std::size_t threads, WireLimits limits, Handler& handler, Log& log, Metrics& metrics);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Listens and starts the threads. Port 0 takes a free one. Fails where the address cannot be bound.
  Result<void> start(const ListenAddress& address);
  std::uint16_t port() const;

  // Executor of the first thread, for the program's own periodic tasks.
  boost::asio::any_io_executor executor();

  // Accepts nothing new, lets requests that have begun finish for at most `drain`, closes what is left, joins the threads.
  void stop(std::chrono::milliseconds drain);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_SERVER_H_
