// A blocking client that sends bytes as they are and reads answers. For tests.
#ifndef RESCIND_WIRE_LOOPBACK_CLIENT_H_
#define RESCIND_WIRE_LOOPBACK_CLIENT_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace rescind {

class LoopbackClient {
 public:
  // `receive_buffer` 0 leaves the system's default.
  explicit LoopbackClient(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const timeval patience{10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  virtual ~LoopbackClient() { ::close(socket_); }
  LoopbackClient(const LoopbackClient&) = delete;
  LoopbackClient& operator=(const LoopbackClient&) = delete;

  bool connected() const { return connected_; }

  // False where the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send_some(bytes);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  virtual void finish_sending() { ::shutdown(socket_, SHUT_WR); }

  // The next answer, head and body; what there is where the connection ends or 10 s pass before it is whole.
  std::string read_answer(bool answers_head = false) {
    while (received_.find("\r\n\r\n") == received_.npos && receive()) {
    }
    const std::size_t head_end = received_.find("\r\n\r\n");
    if (head_end == received_.npos) return take(received_.size());
    std::size_t size = head_end + 4;
    const std::size_t length = received_.find("\r\nContent-Length: ");
    if (!answers_head && length < head_end) size += std::strtoul(received_.c_str() + length + 18, nullptr, 10);
    while (received_.size() < size && receive()) {
    }
    return take(std::min(size, received_.size()));
  }

  // All that comes until the server closes.
  std::string read_to_end() {
    while (receive()) {
    }
    return take(received_.size());
  }

  std::string ask(std::string_view request) {
    send(request);
    return read_answer();
  }

  // True where the server closes, within 10 s, without sending anything more.
  bool is_closed() { return received_.empty() && !receive() && ended_; }

 protected:
  int socket() const { return socket_; }
  // As send(2) and recv(2).
  virtual ssize_t send_some(std::string_view bytes) { return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  virtual ssize_t receive_some(char* to, std::size_t size) { return ::recv(socket_, to, size, 0); }

 private:
  bool receive() {
    char bytes[16384];
    const ssize_t size = receive_some(bytes, sizeof bytes);
    ended_ = size == 0 || (size < 0 && errno == ECONNRESET);
    if (size > 0) received_.append(bytes, static_cast<std::size_t>(size));
    return size > 0;
  }
  std::string take(std::size_t size) {
    std::string taken = received_.substr(0, size);
    received_.erase(0, size);
    return taken;
  }

  int socket_;
  bool connected_ = false;
  bool ended_ = false;
  std::string received_;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_LOOPBACK_CLIENT_H_
