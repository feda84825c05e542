// Which of a worker's connections have become ready, from an epoll instance of their own.
//
// An asynchronous read of Asio's tries to read before it waits, and under load every second try finds nothing: a system call
// for nothing. Here a connection is registered once, for edges (EPOLLET, epoll(7)), and reads when it was told that there is
// something. Everything else of a worker (accepting, timers, tasks) is Asio's, which sees this instance as one descriptor.
#ifndef RESCIND_WIRE_READINESS_H_
#define RESCIND_WIRE_READINESS_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cstdint>
#include <functional>
#include <span>

namespace rescind {

class Connection;

// What has happened to a connection since it was last said: an edge is told once.
struct Ready {
  Connection* connection = nullptr;
  bool to_read = false;  // bytes, the end of them, or a failure
  bool to_write = false;
  bool hung_up = false;  // after what is to be read nothing more comes
};

// Thread-safety: the thread that runs the io_context; the constructor and start() before it does.
class Readiness {
 public:
  // Each connection is in it once at most.
  using OnReady = std::function<void(std::span<const Ready>)>;

  // Throws boost::system::system_error where the system has no epoll instance left.
  Readiness(boost::asio::io_context& io, OnReady on_ready);
  void start() { wait(); }

  // `connection` hears of `socket` from now on, first of what it is ready for already, until the socket is closed; of room to
  // write only where asked for. False where the system has no memory for it.
  bool watch(int socket, Connection& connection);
  bool watch_for_room_too(int socket, Connection& connection);

 private:
  void wait();
  void collect();

  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> epoll_;
  const OnReady on_ready_;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_READINESS_H_
