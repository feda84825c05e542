// What the server does by itself: renew the lease several times in its length, purge what has expired, and what else it is
// given to do.
#ifndef RESCIND_MAIN_PERIODIC_TASKS_H_
#define RESCIND_MAIN_PERIODIC_TASKS_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <thread>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "service/revocations.h"

namespace rescind {

// Runs on a thread of its own, so that no request delays a renewal.
// Thread-safety: members are for one thread.
class PeriodicTasks {
 public:
  PeriodicTasks(Revocations& revocations, const Clock& clock, Log& log, std::chrono::milliseconds lease);
  ~PeriodicTasks();
  PeriodicTasks(const PeriodicTasks&) = delete;
  PeriodicTasks& operator=(const PeriodicTasks&) = delete;

  // Revocations::load(), run to its end in the calling thread. To be called before start().
  Result<void> load();

  // Calls `step` every `interval` from start() on, each time after the one before has ended. The log tells of the first failure
  // in a row, as one of `name`. To be called before start().
  void add(std::string name, std::chrono::milliseconds interval, std::function<Task<Result<void>>()> step);

  void start();
  // Waits for the step that is running. Also done by the destructor.
  void stop();

 private:
  struct Step {
    std::string name;
    std::chrono::milliseconds interval;
    std::function<Task<Result<void>>()> run;
    boost::asio::steady_timer timer;
  };
  Task<void> repeat(Step& step);
  Task<void> renew_lease();
  Task<void> purge();
  // False once stop() was called.
  Task<bool> sleep(boost::asio::steady_timer& timer, std::chrono::milliseconds time);

  Revocations& revocations_;
  const Clock& clock_;
  Log& log_;
  const std::chrono::milliseconds renewal_;
  boost::asio::io_context context_;
  boost::asio::steady_timer renewal_timer_;
  boost::asio::steady_timer purge_timer_;
  std::list<Step> steps_;
  bool stopping_ = false;  // touched on context_ only
  std::thread thread_;
};

}  // namespace rescind

#endif  // RESCIND_MAIN_PERIODIC_TASKS_H_
