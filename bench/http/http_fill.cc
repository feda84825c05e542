// http_fill DATABASE COUNT: COUNT live revocations, through the store's own code. The server must not run.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "store/sqlite/sqlite_store.h"

namespace rescind::bench {
namespace {

constexpr std::size_t kInFlight = 2048;
constexpr std::chrono::hours kLifetime{2};

struct Filling {
  Store& store;
  Random& random;
  WallTime now;
  std::size_t left;
  bool has_failed = false;
};

Task<void> add_revocations(Filling& filling) {
  while (filling.left > 0 && !filling.has_failed) {
    --filling.left;
    RevocationDraft draft{RevocationKind::kToken, {}, 0, to_seconds(filling.now) + kLifetime};
    filling.random.fill(draft.key.bytes);
    EventDraft event{EventType::kRevocationAdded, std::nullopt, std::nullopt, "127.0.0.1", filling.now, "token"};
    Result<Revocation> added = co_await filling.store.add_revocation(std::move(draft), std::move(event));
    if (!added) filling.has_failed = true;
  }
}

int run(int argc, const char* const* argv) {
  if (argc != 3) return std::fputs("usage: http_fill DATABASE COUNT\n", stderr), 2;
  SqliteOptions options;
  options.path = argv[1];
  options.synchronous = SqliteSynchronous::kNormal;
  auto store = SqliteStore::open(options);
  if (!store) return std::fprintf(stderr, "%s\n", store.error().message.c_str()), 1;
  SystemRandom random;
  Filling filling{**store, random, SystemClock().wall_now(), std::strtoull(argv[2], nullptr, 10)};
  boost::asio::io_context context;
  for (std::size_t i = 0; i < kInFlight; ++i) boost::asio::co_spawn(context, add_revocations(filling), boost::asio::detached);
  context.run();
  return filling.has_failed ? 1 : 0;
}

}  // namespace
}  // namespace rescind::bench

int main(int argc, char** argv) { return rescind::bench::run(argc, argv); }
