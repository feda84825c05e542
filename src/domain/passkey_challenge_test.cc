#include "domain/passkey_challenge.h"

#include <gtest/gtest.h>

#include <chrono>

#include "rescind/base64url.h"

namespace rescind {
namespace {

using std::chrono::milliseconds;

const WallTime kEnd{std::chrono::hours(1)};
const UserId kAda{"ada"};
const UserId kEve{"eve"};

IssuedChallenge issued(PasskeyCeremony ceremony, std::optional<UserId> user) { return {{}, ceremony, std::move(user), kEnd}; }

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

TEST(PasskeyChallenge, IsAnswerableUntilItExpires) {
  const IssuedChallenge challenge = issued(PasskeyCeremony::kSignIn, kAda);
  EXPECT_TRUE(is_answerable(challenge, PasskeyCeremony::kSignIn, kAda, kEnd - milliseconds(1)));
  EXPECT_FALSE(is_answerable(challenge, PasskeyCeremony::kSignIn, kAda, kEnd));
  EXPECT_FALSE(is_answerable(challenge, PasskeyCeremony::kSignIn, kAda, kEnd + milliseconds(1)));
}

TEST(PasskeyChallenge, IsGoodForOneCeremonyAndOneUser) {
  for (const PasskeyCeremony given : {PasskeyCeremony::kRegistration, PasskeyCeremony::kSignIn}) {
    for (const PasskeyCeremony used : {PasskeyCeremony::kRegistration, PasskeyCeremony::kSignIn}) {
      for (const std::optional<UserId>& owner : {std::optional<UserId>(), std::optional(kAda), std::optional(kEve)}) {
        for (const std::optional<UserId>& user : {std::optional<UserId>(), std::optional(kAda), std::optional(kEve)}) {
          EXPECT_EQ(is_answerable(issued(given, owner), used, user, WallTime()), given == used && owner == user);
        }
      }
    }
  }
}

}  // namespace
}  // namespace rescind
