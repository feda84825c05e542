#include "wire/readiness.h"

#include <sys/epoll.h>

#include <algorithm>
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

Ready as_ready(const epoll_event& event) {
  const std::uint32_t what = event.events;
  const bool hung_up = (what & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  return {static_cast<Connection*>(event.data.ptr), (what & EPOLLIN) != 0 || hung_up,
          (what & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0, hung_up};
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

void Readiness::collect() {
  std::array<epoll_event, kEventsAtOnce> events;
  std::array<Ready, kEventsAtOnce> ready;
  const int count = epoll_wait(epoll_.native_handle(), events.data(), kEventsAtOnce, 0);
  if (count <= 0) return;
  const std::span<const epoll_event> told(events.data(), static_cast<std::size_t>(count));
  std::transform(told.begin(), told.end(), ready.begin(), as_ready);
  on_ready_(std::span(ready.data(), told.size()));
}

}  // namespace rescind
