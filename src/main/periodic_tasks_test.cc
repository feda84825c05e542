#include "main/periodic_tasks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/metrics.h"
#include "main/open_store.h"
#include "tests/testing/temporary_directory.h"

namespace rescind {
namespace {

using std::chrono::milliseconds;

class PeriodicTasksTest : public ::testing::Test {
 protected:
  static constexpr milliseconds kLease{400};

  PeriodicTasksTest() {
    // The embedded store answers from threads of its own, as in the server.
    auto opened = open_store(StoreConfig{StoreKind::kSqlite, directory_.file("rescind.db"), 64});
    if (opened) store_ = std::move(*opened);
  }

  Revocations revocations() {
    return Revocations(RevocationPolicy{"https://id.example", std::chrono::seconds(900), std::chrono::seconds(5), kLease},
                       *store_, clock_, metrics_);
  }

  TemporaryDirectory directory_;
  SystemClock system_clock_;
  ForwardClock clock_{system_clock_};
  Metrics metrics_;
  Log log_{LogLevel::kOff, LogFormat::kText};
  std::unique_ptr<Store> store_;
};

TEST_F(PeriodicTasksTest, TheLeaseOutlivesItsLengthWhileTheStoreAnswers) {
  Revocations revocations = this->revocations();
  PeriodicTasks periodic(revocations, clock_, log_, kLease);
  ASSERT_TRUE(periodic.load());
  periodic.start();
  std::this_thread::sleep_for(3 * kLease);
  // One that nobody renews does not come back.
  for (int i = 0; i < 1000 && !revocations.lease_is_live(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(revocations.lease_is_live());
}

TEST_F(PeriodicTasksTest, TheLeaseEndsOnceTheTasksAreStopped) {
  Revocations revocations = this->revocations();
  PeriodicTasks periodic(revocations, clock_, log_, kLease);
  ASSERT_TRUE(periodic.load());
  periodic.start();
  periodic.stop();
  std::this_thread::sleep_for(2 * kLease);
  EXPECT_FALSE(revocations.lease_is_live());
}

TEST_F(PeriodicTasksTest, StoppingDoesNotWaitForTheNextStep) {
  Revocations revocations = this->revocations();
  PeriodicTasks periodic(revocations, clock_, log_, std::chrono::minutes(5));
  ASSERT_TRUE(periodic.load());
  periodic.start();
  const SteadyTime began = clock_.steady_now();
  periodic.stop();
  EXPECT_LT(clock_.steady_now() - began, std::chrono::seconds(5));
}

TEST_F(PeriodicTasksTest, AnAddedStepIsRepeatedThoughItFails) {
  Revocations revocations = this->revocations();
  std::atomic<int> calls{0};
  PeriodicTasks periodic(revocations, clock_, log_, kLease);
  ASSERT_TRUE(periodic.load());
  periodic.add("test", std::chrono::milliseconds(1), [&calls]() -> Task<Result<void>> {
    ++calls;
    co_return fail(ErrorCode::kInternal, "always");
  });
  periodic.start();
  while (calls < 3) std::this_thread::yield();
  periodic.stop();
  const int when_stopped = calls;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(calls, when_stopped);
}

}  // namespace
}  // namespace rescind
