#include "bench/server/server_process.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <thread>

#include "bench/measure/clocks.h"

namespace rescind::bench {
namespace {

constexpr std::chrono::milliseconds kPollInterval{2};
constexpr double kStartLimitSeconds = 300;

std::uint16_t free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(probe, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    give_up("no free port");
  }
  close(probe);
  return ntohs(address.sin_port);
}

bool is_ready(std::uint16_t port) {
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  std::string answer(12, '\0');  // "HTTP/1.1 200"
  constexpr std::string_view kRequest = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  const bool answered = connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                        send(connection, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) > 0 &&
                        recv(connection, answer.data(), answer.size(), MSG_WAITALL) == static_cast<ssize_t>(answer.size());
  close(connection);
  return answered && answer.ends_with(" 200");
}

}  // namespace

ServerProcess::ServerProcess() : port_(free_port()) {}
ServerProcess::~ServerProcess() { stop(); }

double ServerProcess::start(const std::vector<std::string>& flags) {
  std::vector<std::string> words = {own_directory() + "/rescind",         "serve",       "--data", data(), "--server.listen",
                                    "127.0.0.1:" + std::to_string(port_), "--log.level", "warning"};
  words.insert(words.end(), flags.begin(), flags.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::int64_t begun = steady_ns();
  pid_ = fork();
  if (pid_ < 0) give_up("cannot fork");
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // it does not outlive the benchmark
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  for (;;) {
    const double seconds = static_cast<double>(steady_ns() - begun) / 1e9;
    if (is_ready(port_)) return seconds;
    if (waitpid(pid_, nullptr, WNOHANG) == pid_ || seconds > kStartLimitSeconds) give_up("the server did not get ready");
    std::this_thread::sleep_for(kPollInterval);
  }
}

void ServerProcess::stop() {
  if (pid_ < 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::int64_t ServerProcess::cpu_ns() const {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0) give_up("no clock of the server");
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

double ServerProcess::resident_mb() const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) * 1024 / 1e6;
  }
  give_up("the server has no VmRSS");
}

}  // namespace rescind::bench
