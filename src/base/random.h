// Randomness comes in through this interface, so that a simulation can be replayed from its seed.
#ifndef RESCIND_BASE_RANDOM_H_
#define RESCIND_BASE_RANDOM_H_

#include <cstdint>
#include <span>

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

}  // namespace rescind

#endif  // RESCIND_BASE_RANDOM_H_
