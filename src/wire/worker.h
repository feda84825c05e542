// One thread of the server: its io_context, its acceptor, its connections and the sweep that ends the slow ones.
#ifndef RESCIND_WIRE_WORKER_H_
#define RESCIND_WIRE_WORKER_H_

#include <array>
#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "http/handler.h"
#include "wire/connection.h"
#include "wire/limits.h"
#include "wire/readiness.h"
#include "wire/refusal.h"
#include "wire/tls_context.h"

namespace rescind {

struct WireCounters {
  explicit WireCounters(Metrics& metrics);
  Counter& refusal(Refusal refusal) { return *refusals[static_cast<std::size_t>(refusal)]; }

  Counter& accepted;
  Counter& turned_away;
  Counter& write_timeouts;
  Counter& accept_failures;
  Counter& handshake_failures;
  std::array<Counter*, kAllRefusals.size()> refusals;
};

// What all workers share. Thread-safety: any thread may use any member.
struct WireShared {
  WireShared(const WireLimits& wire_limits, Handler& request_handler, Log& wire_log, Metrics& metrics, TlsContext* tls_context);

  const WireLimits limits;
  Handler& handler;
  Log& log;
  TlsContext* const tls;  // null: plain HTTP
  WireCounters counters;
  SystemClock clock;
  std::shared_ptr<std::atomic<std::size_t>> open;  // connections; the gauge may outlive the server
};

// Thread-safety: run() runs on the worker's own thread, and so does everything else but the constructor, listen(), the
// post_…() members, stopped_accepting() and end().
class Worker {
 public:
  // Time-outs are counted in sweeps. A connection ends up to one interval later than it could, never earlier.
  static constexpr std::chrono::milliseconds kSweepInterval{250};

  explicit Worker(WireShared& shared);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  boost::asio::io_context& io() { return io_; }

  boost::system::error_code listen(const boost::asio::ip::tcp::endpoint& endpoint);
  void start();

  // Closes the acceptor and the idle connections; the others close after the answers they owe.
  void post_stop();
  bool stopped_accepting() const { return stopped_accepting_.load(std::memory_order_acquire); }
  // Ends the thread and closes what is left. A request whose handler has not answered stays suspended until ~Worker.
  void end();

  // For the worker's connections.
  WireShared& shared() { return shared_; }
  bool stopping() const { return stopping_; }
  std::string_view date() const { return date_line_; }
  std::uint64_t sweeps() const { return sweeps_; }
  Readiness& readiness() { return readiness_; }
  // What a connection has read is answered, and the answer sent, once the others that are ready now have read, too: each of the
  // three steps finds its code, the kernel's and ours, in the processor's caches.
  void answer_later(std::unique_ptr<Connection> connection) { to_answer_.push_back(std::move(connection)); }
  // Lets it go on once the others that are ready now had their turn.
  void go_on_later(std::unique_ptr<Connection> connection);
  // The same, behind those that came before and a few at a time: a signature takes as long as many requests.
  void shake_hands_later(std::unique_ptr<Connection> connection);
  // A clear one for an answer that is written at once. The same storage every time.
  Response& fresh_response();
  std::uint64_t deadline_in(std::chrono::milliseconds duration) const;
  void add(Connection& connection) { connections_.push_back(connection); }

 private:
  // The executor's type is spelt out: a type-erased one costs at every operation.
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

  void run();
  // Calls `work` and logs what it throws: what goes wrong with one connection must not end the others. False where it threw.
  template <class F>
  bool guard(F work);
  Task<void> accept_connections();
  void admit(Socket socket);
  void serve(FileDescriptor socket, std::string peer_address);
  void on_ready(std::span<const Ready> all);
  void go_on(std::unique_ptr<Connection> connection);
  void answer_all();
  void shake_some_hands();
  template <class F>
  void for_each_connection(F work);
  void schedule_sweep();
  void sweep();

  WireShared& shared_;
  std::string date_line_;
  Response response_;
  std::uint64_t sweeps_ = 0;
  bool stopping_ = false;
  std::atomic<bool> stopped_accepting_{false};
  // Some connections belong to coroutines that the io_context owns, so it goes before the list, and after what uses it.
  boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>> connections_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  Acceptor acceptor_{io_};
  Readiness readiness_;
  std::vector<std::unique_ptr<Connection>> to_answer_, to_go_on_, going_on_;
  std::deque<std::unique_ptr<Connection>> to_shake_hands_;
  boost::asio::steady_timer sweep_timer_{io_};
  boost::asio::steady_timer accept_pause_{io_};
  std::thread thread_;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_WORKER_H_
