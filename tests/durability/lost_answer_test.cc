// After kStoreUnavailable the outcome is unknown and the operation may be sent again: looped over every call of a scenario,
// lost before and lost after its effect.
#include <gtest/gtest.h>

#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"
#include "tests/durability/script.h"
#include "tests/testing/failing_store.h"
#include "tests/testing/temporary_directory.h"

namespace rescind {
namespace {

void play_with_failure(Store& inner, std::uint64_t nth, FailureSide side) {
  FailingStore store(inner);
  store.fail_call(nth, side);
  const auto script = make_script();
  const auto acknowledged = play(script, store, 1);
  EXPECT_EQ(acknowledged.size(), script.size());
  for (const Step* step : acknowledged) {
    SCOPED_TRACE(step->name);
    step->check(inner);
  }
  check_invariants(inner);
}

TEST(LostAnswer, SendingAgainFindsWhatTheFirstOneDidInMemory) {
  for (const auto side : {FailureSide::kBefore, FailureSide::kAfter}) {
    for (std::uint64_t nth = 0; nth <= 20; ++nth) {
      SCOPED_TRACE("call " + std::to_string(nth) + (side == FailureSide::kBefore ? " before" : " after"));
      MemoryStore inner;
      play_with_failure(inner, nth, side);
    }
  }
}

TEST(LostAnswer, SendingAgainFindsWhatTheFirstOneDidInSqlite) {
  for (const auto side : {FailureSide::kBefore, FailureSide::kAfter}) {
    for (std::uint64_t nth = 0; nth <= 20; ++nth) {
      SCOPED_TRACE("call " + std::to_string(nth) + (side == FailureSide::kBefore ? " before" : " after"));
      const TemporaryDirectory directory;
      SqliteOptions options;
      options.path = directory.file("rescind.db");
      const auto inner = SqliteStore::open(options);
      ASSERT_TRUE(inner.has_value());
      play_with_failure(**inner, nth, side);
    }
  }
}

}  // namespace
}  // namespace rescind
