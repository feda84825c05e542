#include "main/stop_signals.h"

#include <pthread.h>

namespace rescind {

StopSignals::StopSignals(HangUp hang_up) {
  std::signal(SIGPIPE, SIG_IGN);
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  if (hang_up == HangUp::kIsHeard) sigaddset(&signals_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals_, &previous_);
}

StopSignals::~StopSignals() { pthread_sigmask(SIG_SETMASK, &previous_, nullptr); }

int StopSignals::wait(const std::function<void()>& on_hang_up) {
  int signal = 0;
  while (sigwait(&signals_, &signal) != 0 || signal == SIGHUP) {
    if (signal == SIGHUP) on_hang_up();
    signal = 0;
  }
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  return signal;
}

}  // namespace rescind
