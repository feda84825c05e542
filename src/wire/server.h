// The HTTP/1.1 server: sockets, TLS, framing, limits and time-outs. One io_context and one SO_REUSEPORT acceptor per thread; a
// connection has a fixed read buffer and one write per batch of pipelined requests.
//
// What it refuses itself (400 unless noted, then the connection closes; body {"code","message"} as everywhere): a head that
// is not strict HTTP/1.x (bare LF or CR, an empty line in front, obs-fold, space before the colon, a name or value with a
// control character), a missing Host (HTTP/1.0 may do without), a second or malformed one, Content-Length together with
// Transfer-Encoding, a repeated or non-decimal Content-Length, a Transfer-Encoding other than exactly "chunked" or in
// HTTP/1.0, chunk extensions and trailers, a malformed Connection, a target that is not origin-form or has bytes outside
// visible ASCII or a "#", TRACE and CONNECT (405), HTTP/2 preface or other versions (505), a head over its limit or with too
// many fields (431), a target over its limit (414), a body over its limit (413), an Expect other than "100-continue" (417), a
// head or body that arrives too slowly (408). An answer that cannot be sent, and a handler that throws, are a 500.
#ifndef RESCIND_WIRE_SERVER_H_
#define RESCIND_WIRE_SERVER_H_

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "http/handler.h"
#include "wire/limits.h"
#include "wire/tls_context.h"

namespace rescind {

struct ListenAddress {
  std::string host;  // an IPv4 or IPv6 address, or "localhost"
  std::uint16_t port = 0;
};

// Lifecycle: construct, start(), then stop() once. Not restartable.
// Thread-safety: members are for one thread; the handler is called on the server's threads.
class Server {
 public:
  // `tls`: for every connection; null: plain HTTP.
  Server(std::size_t threads, WireLimits limits, Handler& handler, Log& log, Metrics& metrics, TlsContext* tls = nullptr);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Listens and starts the threads. Port 0 takes a free one. Fails where the address cannot be bound.
  Result<void> start(const ListenAddress& address);
  std::uint16_t port() const;

  // Executor of the first thread, for the program's own periodic tasks.
  boost::asio::any_io_executor executor();

  // Accepts nothing new, closes idle connections, lets requests that have begun finish for at most `drain`, closes what is
  // left, joins the threads. A request whose handler has not answered by then stays suspended and goes with this object: what
  // it waits for (a worker pool) has to be stopped between stop() and the destruction. Not from one of the server's threads.
  void stop(std::chrono::milliseconds drain);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_SERVER_H_
