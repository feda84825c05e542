// SIGTERM and SIGINT as something to wait for.
#ifndef RESCIND_MAIN_STOP_SIGNALS_H_
#define RESCIND_MAIN_STOP_SIGNALS_H_

#include <csignal>

namespace rescind {

// Blocks both signals (and ignores SIGPIPE) in the thread that makes it, and so in every thread that is started later:
// make it first. Not thread-safe.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Returns the first signal. From then on another one ends the process at once, as if nobody waited.
  int wait();

 private:
  sigset_t signals_;
  sigset_t previous_;
};

}  // namespace rescind

#endif  // RESCIND_MAIN_STOP_SIGNALS_H_
