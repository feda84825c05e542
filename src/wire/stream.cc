#include "wire/stream.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>

namespace rescind {
namespace {

using Outcome = Transfer::Outcome;

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

}  // namespace

Transfer Stream::receive(char* to, std::size_t size) {
  if (tls_) return tls_->receive(to, size);
  const ssize_t received = recv(socket(), to, size, 0);
  // Less than there was room for: it was all, and of more we shall hear (epoll(7)).
  if (received > 0) return {Outcome::kDone, static_cast<std::size_t>(received), static_cast<std::size_t>(received) == size};
  return {received < 0 && would_block() ? Outcome::kNeedsBytes : Outcome::kEnded};
}

Transfer Stream::send(std::string_view bytes) {
  if (tls_) return tls_->send(bytes);
  const ssize_t sent = ::send(socket(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent > 0) return {Outcome::kDone, static_cast<std::size_t>(sent)};
  return {sent < 0 && would_block() ? Outcome::kNeedsRoom : Outcome::kEnded};
}

Transfer Stream::end_output() {
  if (tls_) {
    const Transfer ended = tls_->end_output();
    if (ended.outcome == Outcome::kNeedsRoom) return ended;
  }
  shutdown(socket(), SHUT_WR);
  return {Outcome::kDone};
}

bool Stream::has_arrived() const {
  if (tls_ && tls_->holds_bytes()) return true;
  int available = 0;
  return ioctl(socket(), FIONREAD, &available) != 0 || available > 0;
}

}  // namespace rescind
