// For tests only: a real HTTP server on loopback that answers each request with what it is told to, and counts them.
#ifndef RESCIND_ISSUERS_TESTING_KEY_SET_SERVER_H_
#define RESCIND_ISSUERS_TESTING_KEY_SET_SERVER_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>

#include "base/mutex.h"

namespace rescind::testing {

// Thread-safety: any thread may call any member.
class KeySetServer {
 public:
  KeySetServer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 16) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~KeySetServer() {
    stopping_ = true;
    thread_.join();
    close(listener_);
  }
  KeySetServer(const KeySetServer&) = delete;
  KeySetServer& operator=(const KeySetServer&) = delete;

  std::string url(const std::string& path = "/jwks") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  int requests() const { return requests_; }

  // The whole answer, head and body; empty: none ever comes.
  void answer_with(std::string bytes) {
    MutexLock lock(mutex_);
    answer_ = std::move(bytes);
  }
  void answer_ok(const std::string& body) {
    answer_with("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }

 private:
  void serve() {
    while (!stopping_) {
      if (!is_readable(listener_, 20)) continue;
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      char request[4096];
      if (recv(client, request, sizeof request, 0) > 0) {
        ++requests_;
        std::string answer;
        {
          MutexLock lock(mutex_);
          answer = answer_;
        }
        send_all(client, answer);
        // Who gets no answer keeps its connection until it gives up.
        while (answer.empty() && !stopping_ && !is_readable(client, 20)) {
        }
      }
      close(client);
    }
  }

  static void send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  static bool is_readable(int socket, int milliseconds) {
    pollfd waiting{socket, POLLIN, 0};
    return poll(&waiting, 1, milliseconds) > 0;
  }

  const int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> requests_{0};
  std::atomic<bool> stopping_{false};
  Mutex mutex_;
  std::string answer_ GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace rescind::testing

#endif  // RESCIND_ISSUERS_TESTING_KEY_SET_SERVER_H_
