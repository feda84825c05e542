#include "service/open_challenges.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rescind {
namespace {

constexpr ChallengePurpose kLogIn = ChallengePurpose::kPasskeyLogIn;
constexpr ChallengePurpose kSignUp = ChallengePurpose::kPasskeySignUp;

class OpenChallengesTest : public ::testing::Test {
 protected:
  static std::vector<RefreshKey> keys_of(std::string_view letters) {
    std::vector<RefreshKey> keys;
    for (const char letter : letters) keys.push_back({Secret(std::string(32, letter)), {}, std::nullopt});
    return keys;
  }
  PasskeyChallenge make(ChallengePurpose purpose, std::string_view bound_to) {
    return challenges_.create(purpose, bound_to, expires_at_, random_);
  }

  SystemRandom random_;
  const WallTime expires_at_{std::chrono::seconds(1'700'000'300)};
  const WallTime before_ = expires_at_ - std::chrono::milliseconds(1);
  const OpenChallenges challenges_{keys_of("k")};
};

TEST_F(OpenChallengesTest, IsGoodForItsPurposeAndWhatItIsBoundTo) {
  const PasskeyChallenge challenge = make(kSignUp, "ada@example.com");
  const auto good = challenges_.check(challenge, kSignUp, "ada@example.com", before_);
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, (Challenge{challenge.id(), kSignUp, std::nullopt, 0, {}, expires_at_}));
  EXPECT_FALSE(challenges_.check(challenge, kSignUp, "eve@example.com", before_));
  EXPECT_FALSE(challenges_.check(challenge, kLogIn, "ada@example.com", before_));
  EXPECT_FALSE(challenges_.check(challenge, kSignUp, "", before_));
}

TEST_F(OpenChallengesTest, ExpiresToTheMillisecond) {
  const PasskeyChallenge challenge = make(kLogIn, "");
  EXPECT_TRUE(challenges_.check(challenge, kLogIn, "", before_));
  EXPECT_FALSE(challenges_.check(challenge, kLogIn, "", expires_at_));
}

TEST_F(OpenChallengesTest, NoBitOfItCanBeChanged) {
  const PasskeyChallenge challenge = make(kLogIn, "");
  for (std::size_t bit = 0; bit < challenge.bytes.size() * 8; ++bit) {
    PasskeyChallenge changed = challenge;
    changed.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(challenges_.check(changed, kLogIn, "", before_)) << bit;
  }
}

TEST_F(OpenChallengesTest, IsNobodyElses) {
  const OpenChallenges other{keys_of("o")};
  EXPECT_FALSE(other.check(make(kLogIn, ""), kLogIn, "", before_));
}

TEST_F(OpenChallengesTest, OutlivesAnExchangeOfTheKeyAsLongAsItsOwnIsThere) {
  const PasskeyChallenge of_before = make(kLogIn, "");
  const OpenChallenges rotated{keys_of("nk")};
  EXPECT_TRUE(rotated.check(of_before, kLogIn, "", before_));
  EXPECT_FALSE(challenges_.check(rotated.create(kLogIn, "", expires_at_, random_), kLogIn, "", before_))
      << "made with the first";
  EXPECT_FALSE(OpenChallenges{keys_of("mn")}.check(of_before, kLogIn, "", before_));
}

TEST_F(OpenChallengesTest, NoTwoAreAlikeAndNoTwoMakeTheSameUser) {
  const PasskeyChallenge one = make(kSignUp, "ada@example.com");
  const PasskeyChallenge another = make(kSignUp, "ada@example.com");
  EXPECT_NE(one.id(), another.id());
  const EmailKey ada{"ada@example.com"};
  EXPECT_EQ(new_user(one, ada), new_user(one, ada));
  EXPECT_NE(new_user(one, ada), new_user(another, ada));
  EXPECT_NE(new_user(one, ada), new_user(one, EmailKey{"eve@example.com"}));
  EXPECT_EQ(new_user(one, ada).text.size(), 22u);
}

}  // namespace
}  // namespace rescind
