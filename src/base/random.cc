#include "base/random.h"

#include <openssl/rand.h>

#include <climits>
#include <cstdlib>

namespace rescind {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  if (out.size() > INT_MAX || RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) std::abort();
}

}  // namespace rescind
