#include "feed/lease.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr SteadyTime kSent{std::chrono::seconds(1000)};

TEST(Lease, IsNotLiveBeforeItWasFirstRenewed) {
  const Lease lease(milliseconds(5000));
  EXPECT_FALSE(lease.is_live(kSent));
  EXPECT_FALSE(lease.is_live(SteadyTime()));
  EXPECT_FALSE(lease.is_live(SteadyTime::min()));
}

TEST(Lease, RunsFromTheMomentTheQuestionWasSent) {
  Lease lease(milliseconds(5000));
  lease.renew(kSent);
  EXPECT_TRUE(lease.is_live(kSent));
  EXPECT_TRUE(lease.is_live(kSent + milliseconds(5000) - nanoseconds(1)));
  EXPECT_FALSE(lease.is_live(kSent + milliseconds(5000)));
}

TEST(Lease, ALateAnswerToAnOlderQuestionDoesNotShortenIt) {
  Lease lease(milliseconds(5000));
  lease.renew(kSent + milliseconds(100));
  lease.renew(kSent);
  EXPECT_TRUE(lease.is_live(kSent + milliseconds(5050)));
  EXPECT_FALSE(lease.is_live(kSent + milliseconds(5100)));
}

TEST(Lease, ComesBackToLifeWhenItIsRenewed) {
  Lease lease(milliseconds(10));
  lease.renew(kSent);
  EXPECT_FALSE(lease.is_live(kSent + milliseconds(10)));
  lease.renew(kSent + milliseconds(20));
  EXPECT_TRUE(lease.is_live(kSent + milliseconds(25)));
}

TEST(Lease, ThatWasEndedIsRenewedOnlyByALaterQuestion) {
  Lease lease(milliseconds(5000));
  lease.renew(kSent);
  lease.end(kSent + milliseconds(7));
  EXPECT_FALSE(lease.is_live(kSent + milliseconds(7)));
  EXPECT_EQ(lease.ends_at(), SteadyTime::min());
  lease.renew(kSent + milliseconds(7));
  EXPECT_FALSE(lease.is_live(kSent + milliseconds(8))) << "the answer may be older than what ended it";
  lease.renew(kSent + milliseconds(8));
  EXPECT_TRUE(lease.is_live(kSent + milliseconds(8)));
  EXPECT_EQ(lease.ends_at(), kSent + milliseconds(5008));
}

TEST(Lease, OfLengthZeroIsNeverLive) {
  Lease lease(milliseconds(0));
  lease.renew(kSent);
  EXPECT_FALSE(lease.is_live(kSent));
}

}  // namespace
}  // namespace rescind
