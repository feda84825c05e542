// The real server as a child process on a data directory that is made for it and removed with it.
#ifndef RESCIND_BENCH_SERVER_SERVER_PROCESS_H_
#define RESCIND_BENCH_SERVER_SERVER_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bench/server/work_directory.h"

namespace rescind::bench {

// Thread-safety: members are for one thread.
class ServerProcess {
 public:
  // Of the executable `rescind` beside this program. Nothing runs yet: `data()` may be filled first.
  ServerProcess();
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  const std::string& data() const { return directory_.path(); }
  std::string database() const { return data() + "/rescind.db"; }
  std::uint16_t port() const { return port_; }

  // Starts it with these flags besides data, address and log level, and waits until /readyz is 200. Returns the seconds that
  // took.
  double start(const std::vector<std::string>& flags = {});
  void stop();  // SIGTERM, and waits

  std::int64_t cpu_ns() const;  // user and kernel, of all of its threads, since its start
  double resident_mb() const;   // VmRSS, in MB of 1,000,000 bytes

 private:
  WorkDirectory directory_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace rescind::bench

#endif  // RESCIND_BENCH_SERVER_SERVER_PROCESS_H_
