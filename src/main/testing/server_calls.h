// For tests only: what a test asks of a server that runs.
#ifndef RESCIND_MAIN_TESTING_SERVER_CALLS_H_
#define RESCIND_MAIN_TESTING_SERVER_CALLS_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>

#include "wire/loopback_client.h"

namespace rescind::testing {

inline constexpr const char* kAdminKey = "rk1_dGVzdHMgaGF2ZSBubyBzZWNyZXRzIGF0IGFsbCwgc2VlPw";

// One that nobody listens at now.
inline std::uint16_t find_free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool found = ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(socket);
  if (!found) throw std::runtime_error("there is no free port");
  return ntohs(address.sin_port);
}

// The whole answer to a request without a body, or with one of JSON.
inline std::string call(std::uint16_t port, const std::string& line, const std::string& bearer, const std::string& json = "") {
  LoopbackClient client(port);
  std::string request = line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(json.size()) + "\r\n";
  if (!bearer.empty()) request += "Authorization: Bearer " + bearer + "\r\n";
  if (!json.empty()) request += "Content-Type: application/json\r\n";
  return client.ask(request + "\r\n" + json);
}

// False where it is not within 20 s.
inline bool becomes_ready(std::uint16_t port) {
  for (int tries = 0; tries < 2000; ++tries) {
    if (call(port, "GET /readyz", "").starts_with("HTTP/1.1 200 ")) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

// An access token for a new session of this user; empty where the server gives none.
inline std::string adopt(std::uint16_t port, const std::string& user) {
  const std::string answer = call(port, "POST /admin/sessions", kAdminKey, R"({"user":")" + user + "\"}");
  const std::string name = R"("access_token":")";
  const std::size_t begin = answer.find(name);
  if (begin == answer.npos) return "";
  const std::size_t from = begin + name.size();
  return answer.substr(from, answer.find('"', from) - from);
}

}  // namespace rescind::testing

#endif  // RESCIND_MAIN_TESTING_SERVER_CALLS_H_
