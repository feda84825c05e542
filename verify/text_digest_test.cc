#include "verify/text_digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <string>

namespace rescind {
namespace {

std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text.push_back(static_cast<char>('A' + i * 7 % 26));
  return text;
}

TEST(TextHash, TheSameTextHasTheSameDigest) {
  const TextHash hash;
  for (const std::size_t size : {1, 15, 16, 17, 500, 8192}) EXPECT_EQ(hash(text_of(size)), hash(text_of(size))) << size;
}

TEST(TextHash, OneBitMakesAnotherDigest) {
  const TextHash hash;
  for (const std::size_t size : {1, 16, 17, 533}) {
    const std::string text = text_of(size);
    for (std::size_t bit = 0; bit < 8 * size; ++bit) {
      std::string other = text;
      other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
      EXPECT_NE(hash(other), hash(text)) << "bit " << bit << " of " << size << " bytes";
    }
  }
}

TEST(TextHash, WordsThatChangePlacesMakeAnotherDigest) {
  const TextHash hash;
  const std::string text = text_of(64);
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  for (std::size_t by = 0; by < 64; by += 8) {
    const TextDigest digest = hash(text.substr(by) + text.substr(0, by));
    EXPECT_TRUE(seen.insert({digest.low, digest.high}).second) << by;
  }
}

TEST(TextHash, ZerosAtTheEndAreNotLeftOut) {
  const TextHash hash;
  EXPECT_NE(hash(text_of(20)), hash(text_of(20) + '\0'));
}

TEST(TextHash, AnotherKeyMakesAnotherDigest) {
  EXPECT_NE(TextHash()(text_of(500)), TextHash()(text_of(500)));
  EXPECT_NE(TextHash().of_pair(text_of(16)), TextHash().of_pair(text_of(16)));
}

// As places in a table: the ends of signatures, which are random themselves, spread over the lowest bits and the highest.
TEST(TextHash, PairsSpread) {
  const TextHash hash;
  std::mt19937 random(1);
  constexpr std::size_t kPlaces = 64;
  constexpr std::size_t kEach = 64;
  std::array<std::size_t, kPlaces> low{};
  std::array<std::size_t, kPlaces> high{};
  for (std::size_t i = 0; i < kEach * kPlaces; ++i) {
    std::string pair(16, '\0');
    for (char& character : pair) character = static_cast<char>('A' + random() % 26);
    const std::uint32_t digest = hash.of_pair(pair);
    EXPECT_EQ(hash.of_pair(pair), digest);
    ++low[digest % kPlaces];
    ++high[digest >> 26];
  }
  EXPECT_LT(std::ranges::max(low), 2 * kEach);
  EXPECT_LT(std::ranges::max(high), 2 * kEach);
}

}  // namespace
}  // namespace rescind
