#include "wire/worker.h"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/core/demangle.hpp>
#include <exception>
#include <typeinfo>
#include <utility>

#include "wire/response_writer.h"

namespace rescind {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

constexpr int kBacklog = 4096;
constexpr std::size_t kKeptBody = 16 * 1024;
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr int kHandshakesAtOnce = 4;  // a millisecond with ES256; requests have their turn then

std::string text_of(const tcp::endpoint& peer) {
  const boost::asio::ip::address address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

}  // namespace

WireCounters::WireCounters(Metrics& metrics)
    : accepted(metrics.counter("rescind_connections_accepted_total", "Connections accepted")),
      turned_away(metrics.counter("rescind_connections_refused_total", "Connections closed at once: over the limit")),
      write_timeouts(metrics.counter("rescind_wire_errors_total", "Requests and connections that the wire ended",
                                     {{"reason", "write_timeout"}})),
      accept_failures(metrics.counter("rescind_wire_errors_total", "Requests and connections that the wire ended",
                                      {{"reason", "accept_failed"}})),
      handshake_failures(metrics.counter("rescind_wire_errors_total", "Requests and connections that the wire ended",
                                         {{"reason", "tls_handshake"}})),
      refusals{} {
  for (const Refusal refusal : kAllRefusals) {
    refusals[static_cast<std::size_t>(refusal)] =
        &metrics.counter("rescind_wire_errors_total", "Requests and connections that the wire ended",
                         {{"reason", std::string(code_of(refusal))}});
  }
}

WireShared::WireShared(const WireLimits& wire_limits, Handler& request_handler, Log& wire_log, Metrics& metrics,
                       TlsContext* tls_context)
    : limits(wire_limits),
      handler(request_handler),
      log(wire_log),
      tls(tls_context),
      counters(metrics),
      open(std::make_shared<std::atomic<std::size_t>>(0)) {
  metrics.add_gauge("rescind_connections_open", "Connections that are open",
                    [count = open] { return static_cast<double>(count->load(std::memory_order_relaxed)); });
}

template <class F>
bool Worker::guard(F work) {
  try {
    work();
    return true;
  } catch (const std::exception& exception) {  // from a connection, or from a task of the program's own on executor()
    shared_.log.error("a task threw an exception", {{"type", boost::core::demangle(typeid(exception).name())}});
    return false;
  }
}

// `work` may end the connection that it is given.
template <class F>
void Worker::for_each_connection(F work) {
  for (auto next = connections_.begin(); next != connections_.end();) work(*next++);
}

Worker::Worker(WireShared& shared)
    : shared_(shared),
      date_line_(date_line(shared.clock.wall_now())),
      readiness_(io_, [this](std::span<const Ready> all) { on_ready(all); }) {}

Worker::~Worker() { end(); }

boost::system::error_code Worker::listen(const tcp::endpoint& endpoint) try {
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(Acceptor::reuse_address(true));
  acceptor_.set_option(ReusePort(true));
  acceptor_.bind(endpoint);
  acceptor_.listen(kBacklog);
  return {};
} catch (const boost::system::system_error& failure) {
  return failure.code();
}

void Worker::start() {
  readiness_.start();
  schedule_sweep();
  boost::asio::co_spawn(io_, accept_connections(), boost::asio::detached);
  thread_ = std::thread([this] { run(); });
}

void Worker::run() {
  while (!guard([this] { io_.run(); })) {
  }
}

Task<void> Worker::accept_connections() {
  boost::system::error_code error;
  auto token = redirect_error(use_awaitable, error);
  bool failing = false;
  while (acceptor_.is_open()) {
    Socket socket = co_await acceptor_.async_accept(token);
    if (!error) {
      failing = false;
      admit(std::move(socket));
      continue;
    }
    if (!acceptor_.is_open()) co_return;
    if (error == boost::asio::error::connection_aborted) continue;
    // Out of descriptors or memory: the connection stays in the queue, so trying again at once would spin.
    shared_.counters.accept_failures.increment();
    if (!failing) shared_.log.warning("cannot accept connections", {{"reason", error.message()}});
    failing = true;
    accept_pause_.expires_after(kAcceptPause);
    co_await accept_pause_.async_wait(token);
  }
}

void Worker::admit(Socket socket) {
  if (shared_.open->fetch_add(1, std::memory_order_relaxed) >= shared_.limits.connections) {
    shared_.open->fetch_sub(1, std::memory_order_relaxed);
    shared_.counters.turned_away.increment();
    return;
  }
  shared_.counters.accepted.increment();
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  std::string peer = text_of(socket.remote_endpoint(ignored));
  FileDescriptor descriptor(socket.release(ignored));
  guard([&] { serve(std::move(descriptor), std::move(peer)); });
}

void Worker::serve(FileDescriptor socket, std::string peer_address) {
  std::unique_ptr<TlsStream> tls;
  if (shared_.tls != nullptr) {
    tls = shared_.tls->open(socket.get());
    if (!tls) {  // never in the clear instead
      shared_.open->fetch_sub(1, std::memory_order_relaxed);
      shared_.counters.handshake_failures.increment();
      return;
    }
  }
  Stream stream(std::move(socket), std::move(tls));
  Connection::serve(std::move(stream), std::move(peer_address), *this);
}

Response& Worker::fresh_response() {
  response_.clear();
  if (response_.body.capacity() > kKeptBody) response_.body.shrink_to_fit();
  return response_;
}

// A connection ends by itself or in a handler of its own: none that is told of here can be gone.
void Worker::on_ready(std::span<const Ready> all) {
  for (const Ready& ready : all) guard([&] { ready.connection->on_ready(ready); });
  answer_all();
}

void Worker::go_on(std::unique_ptr<Connection> connection) {
  Connection& next = *connection;
  guard([&] { next.go_on(std::move(connection)); });
}

void Worker::answer_all() {
  for (std::unique_ptr<Connection>& each : to_answer_) {
    if (!guard([&] { each->answer(); })) each.reset();
  }
  for (std::unique_ptr<Connection>& each : to_answer_) {
    if (each == nullptr) continue;
    Connection& next = *each;
    guard([&] { next.proceed(std::move(each)); });
  }
  to_answer_.clear();
}

void Worker::go_on_later(std::unique_ptr<Connection> connection) {
  to_go_on_.push_back(std::move(connection));
  if (to_go_on_.size() > 1) return;
  boost::asio::post(io_, [this] {
    going_on_.swap(to_go_on_);
    for (std::unique_ptr<Connection>& each : going_on_) go_on(std::move(each));
    going_on_.clear();
    answer_all();
  });
}

void Worker::shake_hands_later(std::unique_ptr<Connection> connection) {
  to_shake_hands_.push_back(std::move(connection));
  if (to_shake_hands_.size() == 1) boost::asio::post(io_, [this] { shake_some_hands(); });
}

void Worker::shake_some_hands() {
  for (int i = 0; i < kHandshakesAtOnce && !to_shake_hands_.empty(); ++i) {
    std::unique_ptr<Connection> connection = std::move(to_shake_hands_.front());
    to_shake_hands_.pop_front();
    go_on(std::move(connection));
  }
  answer_all();
  if (!to_shake_hands_.empty()) boost::asio::post(io_, [this] { shake_some_hands(); });
}

std::uint64_t Worker::deadline_in(std::chrono::milliseconds duration) const {
  return sweeps_ + static_cast<std::uint64_t>((duration + kSweepInterval - std::chrono::milliseconds(1)) / kSweepInterval) + 1;
}

void Worker::schedule_sweep() {
  sweep_timer_.expires_after(kSweepInterval);
  sweep_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) sweep();
  });
}

void Worker::sweep() {
  ++sweeps_;
  date_line_ = date_line(shared_.clock.wall_now());
  for_each_connection([this](Connection& connection) { guard([&] { connection.check_deadline(); }); });
  schedule_sweep();
}

void Worker::post_stop() {
  boost::asio::post(io_, [this] {
    boost::system::error_code ignored;
    stopping_ = true;
    acceptor_.close(ignored);
    accept_pause_.cancel();
    for_each_connection([](Connection& connection) { connection.close_if_idle(); });
    stopped_accepting_.store(true, std::memory_order_release);
  });
}

void Worker::end() {
  io_.stop();
  if (thread_.joinable()) thread_.join();
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for_each_connection([](Connection& connection) { connection.close(); });
}

}  // namespace rescind
