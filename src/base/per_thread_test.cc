#include "base/per_thread.h"

#include <gtest/gtest.h>

#include <latch>
#include <set>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace rescind {
namespace {

std::unique_ptr<int> make_zero() { return std::make_unique<int>(0); }

TEST(PerThread, GivesEachThreadItsOwnAndAlwaysTheSame) {
  PerThread<int> numbers;
  constexpr int kThreads = 8;
  std::latch all_have_counted(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) ++*numbers.find_or_make(make_zero);
      all_have_counted.arrive_and_wait();
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<int> counts;
  numbers.visit([&](int count) { counts.push_back(count); });
  EXPECT_EQ(counts, std::vector<int>(kThreads, 1000));
}

TEST(PerThread, ThreadsThatHaveEndedLeaveTheirPlaceToOthers) {
  PerThread<int> numbers;
  for (std::size_t i = 0; i < 2 * kMaxThreadSlots; ++i) {
    std::thread([&] { ++*numbers.find_or_make(make_zero); }).join();
  }
  int sum = 0;
  std::size_t places = 0;
  numbers.visit([&](int count) {
    sum += count;
    ++places;
  });
  EXPECT_EQ(sum, static_cast<int>(2 * kMaxThreadSlots));
  EXPECT_LE(places, 2u);
}

TEST(PerThread, HasNothingForMoreThreadsThanThereArePlaces) {
  PerThread<int> numbers;
  std::latch all_have_asked(kMaxThreadSlots + 1);
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kMaxThreadSlots + 1; ++i) {
    threads.emplace_back([&] {
      if (numbers.find_or_make(make_zero) == nullptr) ++refused;
      all_have_asked.arrive_and_wait();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(refused, 1);
}

}  // namespace
}  // namespace rescind
