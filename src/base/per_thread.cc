#include "base/per_thread.h"

#include <bitset>

#include "base/mutex.h"

namespace rescind {
namespace {

// The only state that a process has but once.
class Numbers {
 public:
  std::optional<std::size_t> take() {
    MutexLock lock(mutex_);
    for (std::size_t number = 0; number < taken_.size(); ++number) {
      if (taken_[number]) continue;
      taken_.set(number);
      return number;
    }
    return std::nullopt;
  }

  void give_back(std::size_t number) {
    MutexLock lock(mutex_);
    taken_.reset(number);
  }

 private:
  Mutex mutex_;
  std::bitset<kMaxThreadSlots> taken_ GUARDED_BY(mutex_);
};

// Never freed: threads may end after every static.
Numbers& numbers() {
  static Numbers* const kNumbers = new Numbers;
  return *kNumbers;
}

struct OwnNumber {
  OwnNumber() : number(numbers().take()) {}
  ~OwnNumber() {
    if (number) numbers().give_back(*number);
  }
  OwnNumber(const OwnNumber&) = delete;
  OwnNumber& operator=(const OwnNumber&) = delete;
  const std::optional<std::size_t> number;
};

}  // namespace

std::optional<std::size_t> thread_slot() {
  thread_local const OwnNumber kOwn;
  return kOwn.number;
}

}  // namespace rescind
