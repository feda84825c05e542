#include "wire/server.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "wire/worker.h"

namespace rescind {
namespace {

using boost::asio::ip::tcp;

Result<tcp::endpoint> endpoint_of(const ListenAddress& address) {
  boost::system::error_code error;
  const std::string& text = address.host == "localhost" ? "127.0.0.1" : address.host;
  const auto ip = boost::asio::ip::make_address(text, error);
  if (error) return fail(ErrorCode::kInvalidRequest, "not an address to listen on: " + address.host);
  return tcp::endpoint(ip, address.port);
}

// SO_REUSEPORT would let a second server of the same user share the port in silence. A socket without it finds that out,
// and takes a free port where none is given.
boost::system::error_code probe(tcp::endpoint& endpoint) try {
  boost::asio::io_context io;
  tcp::acceptor acceptor(io);
  acceptor.open(endpoint.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.bind(endpoint);
  endpoint = acceptor.local_endpoint();
  return {};
} catch (const boost::system::system_error& failure) {
  return failure.code();
}

}  // namespace

struct Server::State {
  State(WireLimits limits, Handler& handler, Log& log, Metrics& metrics, TlsContext* tls)
      : shared(limits, handler, log, metrics, tls) {}

  bool drained() const {
    return shared.open->load() == 0 &&
           std::all_of(workers.begin(), workers.end(), [](const auto& worker) { return worker->stopped_accepting(); });
  }

  WireShared shared;
  std::vector<std::unique_ptr<Worker>> workers;
  std::uint16_t port = 0;
  bool running = false;
};

Server::Server(std::size_t threads, WireLimits limits, Handler& handler, Log& log, Metrics& metrics, TlsContext* tls)
    : state_(std::make_unique<State>(limits, handler, log, metrics, tls)) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
    state_->workers.push_back(std::make_unique<Worker>(state_->shared));
  }
}

Server::~Server() { stop(std::chrono::milliseconds(0)); }

Result<void> Server::start(const ListenAddress& address) {
  auto endpoint = endpoint_of(address);
  if (!endpoint) return Unexpected(endpoint.error());
  boost::system::error_code error = probe(*endpoint);
  for (const auto& worker : state_->workers) {
    if (!error) error = worker->listen(*endpoint);
  }
  if (error) {
    return fail(ErrorCode::kInvalidRequest,
                "cannot listen on " + address.host + ":" + std::to_string(address.port) + ": " + error.message());
  }
  state_->port = endpoint->port();
  state_->running = true;
  for (const auto& worker : state_->workers) worker->start();
  return {};
}

std::uint16_t Server::port() const { return state_->port; }

boost::asio::any_io_executor Server::executor() { return state_->workers.front()->io().get_executor(); }

void Server::stop(std::chrono::milliseconds drain) {
  if (!state_->running) return;
  state_->running = false;
  for (const auto& worker : state_->workers) worker->post_stop();
  constexpr std::chrono::milliseconds kStep{1};
  for (auto waited = kStep; waited <= drain && !state_->drained(); waited += kStep) std::this_thread::sleep_for(kStep);
  for (const auto& worker : state_->workers) worker->end();
}

}  // namespace rescind
