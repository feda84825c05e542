#include "verify/text_digest.h"

#include <openssl/rand.h>

#include <cstdlib>
#include <cstring>

namespace rescind {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::size_t kPair = 2 * sizeof(std::uint64_t);
static_assert(kMaxTokenBytes % kPair == 0);

Wide product(const char* pair, const std::uint64_t* key) {
  std::array<std::uint64_t, 2> words;
  std::memcpy(words.data(), pair, kPair);
  return Wide{words[0] + key[0]} * (words[1] + key[1]);
}

}  // namespace

TextHash::TextHash() {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key_.data()), sizeof key_) != 1) std::abort();
}

TextDigest TextHash::operator()(std::string_view text) const {
  // Two sums: no product waits until the one before it has been added.
  Wide sum = 0;
  Wide other = 0;
  std::size_t at = 0;
  const std::uint64_t* key = key_.data();
  for (; at + 2 * kPair <= text.size(); at += 2 * kPair, key += 4) {
    sum += product(text.data() + at, key);
    other += product(text.data() + at + kPair, key + 2);
  }
  sum += other;
  if (at + kPair <= text.size()) {
    sum += product(text.data() + at, key);
    at += kPair;
    key += 2;
  }
  if (at < text.size()) {
    std::array<char, kPair> rest{};
    std::memcpy(rest.data(), text.data() + at, text.size() - at);
    sum += product(rest.data(), key);
  }
  return {static_cast<std::uint64_t>(sum), static_cast<std::uint64_t>(sum >> 64), text.size()};
}

std::uint32_t TextHash::of_pair(std::string_view pair) const {
  const Wide hash = product(pair.data(), &key_[key_.size() - 2]);
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(hash ^ hash >> 64) >> 32);
}

}  // namespace rescind
