#include "main/periodic_tasks.h"

#include <algorithm>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <utility>

#include "base/run_to_end.h"

namespace rescind {
namespace {

// Four renewals a lease: three may fail or be late.
constexpr int kRenewalsPerLease = 4;
constexpr std::chrono::seconds kPurgeInterval{10};
// A purge rests four times as long as a step of it took: writes are hardly ever behind one, and checkpoints keep up.
constexpr int kPurgeRest = 4;
constexpr std::chrono::milliseconds kShortestPurgeRest{5};

}  // namespace

PeriodicTasks::PeriodicTasks(Revocations& revocations, const Clock& clock, Log& log, std::chrono::milliseconds lease)
    : revocations_(revocations),
      clock_(clock),
      log_(log),
      renewal_(lease / kRenewalsPerLease),
      renewal_timer_(context_),
      purge_timer_(context_) {}

PeriodicTasks::~PeriodicTasks() { stop(); }

Result<void> PeriodicTasks::load() { return run_to_end(revocations_.load()); }

void PeriodicTasks::add(std::string name, std::chrono::milliseconds interval, std::function<Task<Result<void>>()> step) {
  steps_.push_back({std::move(name), interval, std::move(step), boost::asio::steady_timer(context_)});
}

void PeriodicTasks::start() {
  boost::asio::co_spawn(context_, renew_lease(), boost::asio::detached);
  boost::asio::co_spawn(context_, purge(), boost::asio::detached);
  for (Step& step : steps_) boost::asio::co_spawn(context_, repeat(step), boost::asio::detached);
  thread_ = std::thread([this] { context_.run(); });
}

void PeriodicTasks::stop() {
  if (!thread_.joinable()) return;
  boost::asio::post(context_, [this] {
    stopping_ = true;
    renewal_timer_.cancel();
    purge_timer_.cancel();
    for (Step& step : steps_) step.timer.cancel();
  });
  thread_.join();
}

Task<bool> PeriodicTasks::sleep(boost::asio::steady_timer& timer, std::chrono::milliseconds time) {
  if (stopping_) co_return false;
  boost::system::error_code cancelled;
  timer.expires_after(time);
  auto token = boost::asio::redirect_error(boost::asio::use_awaitable, cancelled);
  co_await timer.async_wait(token);
  co_return !stopping_;
}

Task<void> PeriodicTasks::repeat(Step& step) {
  bool succeeded = true;
  while (co_await sleep(step.timer, step.interval)) {
    const Result<void> done = co_await step.run();
    if (!done && succeeded) log_.error("a periodic task fails", {{"task", step.name}, {"reason", done.error().message}});
    succeeded = done.has_value();
  }
}

Task<void> PeriodicTasks::renew_lease() {
  bool reachable = true;
  while (co_await sleep(renewal_timer_, renewal_)) {
    const Result<void> renewed = co_await revocations_.renew_lease();
    if (renewed.has_value() == reachable) continue;
    reachable = renewed.has_value();
    if (reachable) {
      log_.info("the store answers again");
    } else {
      log_.error("the store does not answer: tokens are refused once the lease has run out",
                 {{"reason", renewed.error().message}});
    }
  }
}

Task<void> PeriodicTasks::purge() {
  while (co_await sleep(purge_timer_, kPurgeInterval)) {
    for (;;) {
      const SteadyTime began = clock_.steady_now();
      const Result<Purged> purged = co_await revocations_.purge();
      if (!purged || !is_full_step(*purged)) break;
      const auto took = std::chrono::ceil<std::chrono::milliseconds>(clock_.steady_now() - began);
      if (!co_await sleep(purge_timer_, std::max(took * kPurgeRest, kShortestPurgeRest))) co_return;
    }
  }
}

}  // namespace rescind
