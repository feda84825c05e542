// The disk fails at the n-th call, looped over all n, once or from then on: what was acknowledged is there, nothing is
// half-done, and a store whose disk has come back works again without a restart.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <ostream>

#include "store/sqlite/sqlite_store.h"
#include "tests/durability/script.h"
#include "tests/testing/shim_vfs.h"
#include "tests/testing/temporary_directory.h"

namespace rescind {
namespace {

enum class Lasting : std::uint8_t { kOnce, kFromThenOn };

struct Fault {
  std::string name;
  int error = SQLITE_IOERR;
  bool done_first = false;
  Lasting lasting = Lasting::kOnce;
  bool writes_only = false;
};

std::ostream& operator<<(std::ostream& out, const Fault& fault) { return out << fault.name; }

class FailingDisk final : public IoObserver {
 public:
  explicit FailingDisk(Fault fault) : fault_(std::move(fault)) {}
  void fail_at(std::uint64_t nth) {
    calls_.store(0);
    failing_call_.store(nth);
  }
  std::uint64_t calls() const { return calls_.load(); }

  IoVerdict before(IoCall call, const std::string& /*path*/) override {
    const bool counts = !fault_.writes_only || call == IoCall::kWrite || call == IoCall::kTruncate;
    if (!counts) return {};
    const std::uint64_t number = ++calls_;
    const std::uint64_t failing = failing_call_.load();
    const bool fails = failing != 0 && (fault_.lasting == Lasting::kOnce ? number == failing : number >= failing);
    return fails ? IoVerdict{fault_.error, fault_.done_first} : IoVerdict{};
  }

 private:
  const Fault fault_;
  std::atomic<std::uint64_t> calls_{0};
  std::atomic<std::uint64_t> failing_call_{0};
};

class DiskFailure : public ::testing::TestWithParam<Fault> {};

// Returns how many calls the scenario made.
std::uint64_t play_with_failure(const Fault& fault, std::uint64_t nth) {
  const TemporaryDirectory directory;
  FailingDisk disk(fault);
  const ShimVfs vfs("failing", disk);
  SqliteOptions options;
  options.path = directory.file("rescind.db");
  options.vfs = vfs.name();
  options.checkpoint_pages = 8;
  options.max_wal_pages = 24;
  const auto script = make_script();
  std::vector<const Step*> acknowledged;

  disk.fail_at(nth);
  if (auto opened = SqliteStore::open(options)) {
    acknowledged = play(script, **opened, fault.lasting == Lasting::kOnce ? 3 : 0);
    if (fault.lasting == Lasting::kOnce) {
      EXPECT_EQ(acknowledged.size(), script.size()) << "it did not work again";
    }
  } else {
    EXPECT_EQ(opened.error().code, ErrorCode::kStoreUnavailable);
  }
  const std::uint64_t calls = disk.calls();

  disk.fail_at(0);
  const auto reopened = SqliteStore::open(options);
  if (!reopened) {
    ADD_FAILURE() << reopened.error().message;
    return calls;
  }
  for (const Step* step : acknowledged) {
    SCOPED_TRACE(step->name);
    step->check(**reopened);
  }
  check_invariants(**reopened);
  return calls;
}

TEST_P(DiskFailure, LosesNothingAcknowledgedAndLeavesNothingHalfDone) {
  const std::uint64_t calls = play_with_failure(GetParam(), 0);
  EXPECT_GT(calls, 50u);
  for (std::uint64_t nth = 1; nth <= calls + 5 && !HasFailure(); ++nth) {
    SCOPED_TRACE("call " + std::to_string(nth) + " of " + std::to_string(calls));
    play_with_failure(GetParam(), nth);
  }
  RecordProperty("calls", static_cast<int>(calls));
}

INSTANTIATE_TEST_SUITE_P(Faults, DiskFailure,
                         ::testing::Values(Fault{.name = "NotDoneOnce"},
                                           Fault{.name = "DoneAndReportedAsFailedOnce", .done_first = true},
                                           Fault{.name = "DeadFromThenOn", .lasting = Lasting::kFromThenOn},
                                           Fault{.name = "FullOnce", .error = SQLITE_FULL, .writes_only = true},
                                           Fault{.name = "FullFromThenOn",
                                                 .error = SQLITE_FULL,
                                                 .lasting = Lasting::kFromThenOn,
                                                 .writes_only = true}),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace rescind
