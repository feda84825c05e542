#include "base/random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <climits>
#include <cstdlib>

namespace rescind {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  if (out.size() > INT_MAX || RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) std::abort();
}

void RandomAhead::fill(std::span<std::uint8_t> out) {
  MutexLock lock(mutex_);
  if (out.size() > drawn_.size()) return source_.fill(out);
  if (out.size() > drawn_.size() - used_) {
    source_.fill(drawn_);
    used_ = 0;
  }
  std::copy_n(drawn_.begin() + static_cast<std::ptrdiff_t>(used_), out.size(), out.begin());
  used_ += out.size();
}

}  // namespace rescind
