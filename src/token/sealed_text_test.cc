#include "token/sealed_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "token/test_random.h"

namespace rescind {
namespace {

const Secret kMaster(std::string(32, 'm'));

TEST(SealedText, OpensWithItsSecretAndNoOther) {
  CountingRandom random;
  for (const std::size_t length : {0, 1, 15, 16, 17, 5000}) {
    const Secret text(std::string(length, 't'));
    const auto sealed = seal(text, kMaster, random);
    const auto opened = unseal(sealed, kMaster);
    ASSERT_TRUE(opened) << length;
    EXPECT_EQ(opened->reveal(), text.reveal());
    EXPECT_FALSE(unseal(sealed, Secret(std::string(32, 'n'))));
    EXPECT_FALSE(unseal(sealed, Secret(std::string(33, 'm'))));
  }
}

TEST(SealedText, AnyBitAlteredOrByteMissingIsRefused) {
  CountingRandom random;
  const auto sealed = seal(Secret("the keys"), kMaster, random);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto altered = sealed;
      altered[i] ^= static_cast<std::uint8_t>(1 << bit);
      EXPECT_FALSE(unseal(altered, kMaster)) << i;
    }
    EXPECT_FALSE(unseal(std::span(sealed).first(i), kMaster)) << i;
  }
  auto longer = sealed;
  longer.push_back(0);
  EXPECT_FALSE(unseal(longer, kMaster));
}

TEST(SealedText, TheSameTextIsSealedDifferentlyEachTime) {
  CountingRandom random;
  const Secret text(std::string(64, 't'));
  const auto one = seal(text, kMaster, random);
  const auto two = seal(text, kMaster, random);
  for (std::size_t at = 0; at + 16 <= one.size(); at += 16) {
    EXPECT_FALSE(std::equal(one.begin() + static_cast<std::ptrdiff_t>(at), one.begin() + static_cast<std::ptrdiff_t>(at) + 16,
                            two.begin() + static_cast<std::ptrdiff_t>(at)));
  }
}

// What another implementation of RFC 5869 and AES-256-GCM makes of it.
TEST(SealedText, IsWhatTheFormatSays) {
  const std::array<std::uint8_t, 53> foreign = {
      0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07,
      0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x7f, 0xcb, 0x09, 0x8e,
      0x60, 0x9c, 0x82, 0x64, 0x2f, 0x4b, 0xae, 0xfe, 0xd3, 0x1d, 0x95, 0x49, 0x4b, 0x5e, 0xcd, 0x04, 0x10};
  const auto opened = unseal(foreign, kMaster);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->reveal(), "hello");
}

}  // namespace
}  // namespace rescind
