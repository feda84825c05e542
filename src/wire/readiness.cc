#include "wire/readiness.h"

#include <sys/epoll.h>

#include <array>
#include <cerrno>

namespace rescind {
namespace {

constexpr std::size_t kEventsAtOnce = 128;
constexpr std::uint32_t kIncoming = EPOLLIN | EPOLLRDHUP | EPOLLET;

int create_epoll() {
  const int descriptor = epoll_create1(EPOLL_CLOEXEC);
  if (descriptor < 0) throw boost::system::system_error(errno, boost::system::system_category(), "epoll_create1");
  return descriptor;
}

bool control(int epoll, int operation, int socket, std::uint32_t events, Connection& connection) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &connection;
  return epoll_ctl(epoll, operation, socket, &event) == 0;
}

}  // namespace

Readiness::Readiness(boost::asio::io_context& io, OnReady on_ready)
    : epoll_(io, create_epoll()), on_ready_(std::move(on_ready)) {}

bool Readiness::watch(int socket, Connection& connection) {
  return control(epoll_.native_handle(), EPOLL_CTL_ADD, socket, kIncoming, connection);
}

bool Readiness::watch_for_room_too(int socket, Connection& connection) {
  return control(epoll_.native_handle(), EPOLL_CTL_MOD, socket, kIncoming | EPOLLOUT, connection);
}

void Readiness::wait() {
  epoll_.async_wait(boost::asio::posix::descriptor_base::wait_read, [this](const boost::system::error_code& error) {
    if (error) return;
    collect();
    wait();
  });
}

// A connection is in the list once, and ends by itself or in a handler of its own: none that is in the list can be gone.
void Readiness::collect() {
  std::array<epoll_event, kEventsAtOnce> events;
  const int count = epoll_wait(epoll_.native_handle(), events.data(), kEventsAtOnce, 0);
  for (int i = 0; i < count; ++i) {
    const std::uint32_t what = events[static_cast<std::size_t>(i)].events;
    const bool hung_up = (what & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    const Ready ready{(what & EPOLLIN) != 0 || hung_up, (what & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0, hung_up};
    on_ready_(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr), ready);
  }
}

}  // namespace rescind
