#include "main/thread_scheduling.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

namespace rescind {
namespace {

struct Scheduling {
  int policy;
  int niceness;
  bool operator==(const Scheduling&) const = default;
};

Scheduling scheduling_of_this_thread() { return {sched_getscheduler(0), getpriority(PRIO_PROCESS, 0)}; }

TEST(ThreadSchedulingTest, HashingGivesWayAndAnsweringDoesNot) {
  Scheduling before{};
  Scheduling answering{};
  Scheduling hashing{};
  Scheduling started_by_hashing{};
  std::thread([&] {
    before = scheduling_of_this_thread();
    wake_promptly();
    answering = scheduling_of_this_thread();
    std::thread([&] {
      give_way();
      hashing = scheduling_of_this_thread();
      std::thread([&] { started_by_hashing = scheduling_of_this_thread(); }).join();
    }).join();
  }).join();
  EXPECT_EQ(answering, before);
  EXPECT_EQ(hashing, (Scheduling{SCHED_BATCH, std::max(before.niceness, 10)}));
  EXPECT_EQ(started_by_hashing, hashing);
  EXPECT_EQ(scheduling_of_this_thread(), before);
}

}  // namespace
}  // namespace rescind
