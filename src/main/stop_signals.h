// SIGTERM, SIGINT and, where it is asked for, SIGHUP as something to wait for.
#ifndef RESCIND_MAIN_STOP_SIGNALS_H_
#define RESCIND_MAIN_STOP_SIGNALS_H_

#include <csignal>
#include <cstdint>
#include <functional>

namespace rescind {

enum class HangUp : std::uint8_t { kEndsTheProcess, kIsHeard };

// Blocks the signals (and ignores SIGPIPE) in the thread that makes it, and so in every thread that is started later:
// make it first. Not thread-safe.
class StopSignals {
 public:
  explicit StopSignals(HangUp hang_up);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Returns the first SIGTERM or SIGINT, and calls `on_hang_up` at each SIGHUP before it. From then on another signal ends the
  // process at once, as if nobody waited.
  int wait(const std::function<void()>& on_hang_up);

 private:
  sigset_t signals_;
  sigset_t previous_;
};

}  // namespace rescind

#endif  // RESCIND_MAIN_STOP_SIGNALS_H_
