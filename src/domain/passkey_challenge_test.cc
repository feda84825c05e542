#include "domain/passkey_challenge.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "rescind/base64url.h"

namespace rescind {
namespace {

TEST(PasskeyChallenge, Is256BitsOfTheGenerator) {
  SystemRandom random;
  const PasskeyChallenge challenge = PasskeyChallenge::create(random);
  EXPECT_NE(challenge, PasskeyChallenge::create(random));
  EXPECT_NE(challenge, PasskeyChallenge());
  EXPECT_EQ(challenge.text().size(), 43u);
  const auto decoded = base64url_decode(challenge.text());
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(std::equal(decoded->begin(), decoded->end(), challenge.bytes.begin(), challenge.bytes.end()));
}

TEST(PasskeyChallenge, IsRememberedUnderItsFirstHalf) {
  PasskeyChallenge challenge;
  for (std::size_t i = 0; i < challenge.bytes.size(); ++i) challenge.bytes[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(challenge.id().bytes.front(), 0);
  EXPECT_EQ(challenge.id().bytes.back(), 15);
}

}  // namespace
}  // namespace rescind
