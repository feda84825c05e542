// A Random that gives the same bytes in every run, for tests of this folder.
#ifndef RESCIND_TOKEN_TEST_RANDOM_H_
#define RESCIND_TOKEN_TEST_RANDOM_H_

#include "base/random.h"

namespace rescind {

class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out)
      byte = static_cast<std::uint8_t>((state_ = state_ * 6364136223846793005u + 1442695040888963407u) >> 56);
  }

 private:
  std::uint64_t state_ = 1;
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_TEST_RANDOM_H_
