// Durable refreshes per second of 64 clients, with group commit and with a commit and flush each: the same store and the same
// code, where one transaction takes what is queued, or one write.
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "base/clock.h"
#include "bench/measure/clocks.h"
#include "bench/measure/report.h"
#include "bench/server/fill_store.h"
#include "bench/server/work_directory.h"
#include "store/sqlite/sqlite_store.h"

namespace rescind::bench {
namespace {

constexpr std::size_t kClients = 64;
constexpr std::size_t kRounds = 9;

class Refreshing {
 public:
  explicit Refreshing(std::size_t max_batch) : generations_(kClients, 1) {
    SqliteOptions options;
    options.path = directory_.path() + "/rescind.db";
    options.max_batch = max_batch;
    fill_sessions(options.path, 0, kClients, std::chrono::hours(24));
    auto opened = SqliteStore::open(std::move(options));
    if (!opened) give_up("cannot open the store");
    store_ = std::move(*opened);
  }

  // Refreshes per second.
  double measure(std::size_t count) {
    left_ = count;
    boost::asio::io_context context;
    const std::int64_t begun = steady_ns();
    for (std::size_t i = 0; i < kClients; ++i) boost::asio::co_spawn(context, refresh(i), boost::asio::detached);
    context.run();
    return static_cast<double>(count) / (static_cast<double>(steady_ns() - begun) / 1e9);
  }

 private:
  Task<void> refresh(std::size_t client) {
    while (left_ > 0) {
      --left_;
      RotateRefresh change{filled_session(client), generations_[client]++, SystemClock().wall_now(), "192.0.2.7",
                           std::chrono::hours(24)};
      Result<RotateRefreshOutcome> outcome = co_await store_->rotate_refresh(std::move(change));
      if (!outcome || !std::holds_alternative<SessionAndUser>(*outcome)) give_up("a refresh was refused");
    }
  }

  WorkDirectory directory_;
  std::unique_ptr<SqliteStore> store_;
  std::vector<std::uint64_t> generations_;
  std::size_t left_ = 0;
};

}  // namespace
}  // namespace rescind::bench

int main(int argc, char** argv) {
  using namespace rescind::bench;
  Refreshing grouped(rescind::SqliteOptions().max_batch);
  Refreshing each(1);
  const std::size_t count = count_of(20'000, 500);
  grouped.measure(count);
  const Contender contenders[] = {[&] { return grouped.measure(count); }, [&] { return each.measure(count / 4); }};
  const std::vector<Samples> samples = take_turns(contenders, kRounds);
  Report report;
  report.add("store.refresh_vs_fsync_each", "ratio", ratios(samples[0], samples[1]));
  report.add("store.refreshes_grouped", "1/s", samples[0]);
  report.add("store.refreshes_flushed_each", "1/s", samples[1]);
  return report.finish(argc, argv);
}
