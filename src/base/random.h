// Randomness comes in through this interface, so that a simulation can be replayed from its seed.
#ifndef RESCIND_BASE_RANDOM_H_
#define RESCIND_BASE_RANDOM_H_

#include <array>
#include <cstdint>
#include <span>

#include "base/mutex.h"

namespace rescind {

// Thread-safety: any thread may call fill().
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

// OpenSSL's generator. Ends the process where the system can give no randomness: there is nothing safe to go on with.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

// Draws from `source` ahead, many ids' worth at once: a draw costs as much as a hundred ids. For ids that anybody may read, and
// nothing that is secret: what is drawn lies in memory until it is used, and after.
class RandomAhead final : public Random {
 public:
  explicit RandomAhead(Random& source) : source_(source) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  Random& source_;
  Mutex mutex_;
  std::array<std::uint8_t, 1024> drawn_ GUARDED_BY(mutex_){};
  std::size_t used_ GUARDED_BY(mutex_) = drawn_.size();
};

}  // namespace rescind

#endif  // RESCIND_BASE_RANDOM_H_
