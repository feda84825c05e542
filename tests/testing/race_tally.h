// What two at once may do, tried many times: how often a rule was broken. `./dev races` shows the line that each race prints.
#ifndef RESCIND_TESTS_TESTING_RACE_TALLY_H_
#define RESCIND_TESTS_TESTING_RACE_TALLY_H_

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace rescind {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kRaceRounds = 2'000;
#else
inline constexpr int kRaceRounds = 10'000;
#endif

// Thread-safety: none; the round is over when it is counted.
class RaceTally {
 public:
  // `race` as "refresh/refresh"; `store` is the name of the store.
  RaceTally(std::string_view race, std::string_view store) : race_(race), store_(store) {}
  RaceTally(const RaceTally&) = delete;
  RaceTally& operator=(const RaceTally&) = delete;

  // Prints, and fails the test where a round broke the rule.
  ~RaceTally() {
    std::printf("race %-18s %-8s %6d rounds %6d double wins\n", race_.c_str(), store_.c_str(), rounds_, double_wins_);
    EXPECT_EQ(double_wins_, 0) << "first: " << first_;
  }

  // `broken` says what both have won, or is empty.
  void count_round(const std::string& broken) {
    if (!broken.empty() && ++double_wins_ == 1) first_ = "round " + std::to_string(rounds_) + ": " + broken;
    ++rounds_;
  }

 private:
  std::string race_;
  std::string store_;
  int rounds_ = 0;
  int double_wins_ = 0;
  std::string first_;
};

}  // namespace rescind

#endif  // RESCIND_TESTS_TESTING_RACE_TALLY_H_
