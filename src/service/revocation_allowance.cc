#include "service/revocation_allowance.h"

#include <algorithm>
#include <string_view>

#include "verify/sha256.h"

namespace rescind {
namespace {

std::size_t number_at(const Sha256Digest& digest, std::size_t at) { return digest[at] * std::size_t{256} + digest[at + 1]; }

std::uint32_t least_of(const auto& counts) {
  return **std::ranges::min_element(counts, {}, [](const std::uint32_t* count) { return *count; });
}

}  // namespace

RevocationAllowance::RevocationAllowance(const Key& key) : key_(key), counts_(std::make_unique<Counts>()) {}

RevocationAllowance::Own RevocationAllowance::find_counts(const UserId& user, SteadyTime now, std::chrono::seconds window) {
  if (now >= window_began_ + window) {
    *counts_ = Counts{};
    window_began_ = now;
  }
  const Sha256Digest digest = sha256({std::string_view(reinterpret_cast<const char*>(key_.data()), key_.size()), user.text});
  Own own{};
  for (std::size_t row = 0; row < kRows; ++row) own[row] = &(*counts_)[row][number_at(digest, 2 * row) % kColumns];
  return own;
}

std::uint32_t RevocationAllowance::left(const UserId& user, SteadyTime now, std::chrono::seconds window) {
  MutexLock lock(mutex_);
  return kMaxOwnRevocations - std::min(kMaxOwnRevocations, least_of(find_counts(user, now, window)));
}

void RevocationAllowance::count(const UserId& user, SteadyTime now, std::chrono::seconds window) {
  MutexLock lock(mutex_);
  const Own own = find_counts(user, now, window);
  const std::uint32_t counted = least_of(own) + 1;
  // What others have added to the higher one is no reason to add to it.
  for (std::uint32_t* one : own) *one = std::max(*one, counted);
}

}  // namespace rescind
