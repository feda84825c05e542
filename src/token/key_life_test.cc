#include "token/key_life.h"

#include <gtest/gtest.h>

#include "token/refresh_token.h"
#include "token/test_random.h"

namespace rescind {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class KeyLife : public testing::Test {
 protected:
  KeyLife() { settle(); }

  void settle() {
    auto change = settle_keys(keys_, policy_, now_, random_);
    ASSERT_TRUE(change) << change.error().message;
    notices_.clear();
    if (*change) take((**change));
  }
  Result<void> rotate(RotationPace pace = RotationPace::kPublishedAhead) {
    auto change = rotate_keys(keys_, policy_, pace, now_, random_);
    if (!change) return Unexpected(std::move(change).error());
    notices_.clear();
    if (*change) take(**change);
    return {};
  }
  void take(KeyChange& change) {
    EXPECT_TRUE(is_sound(change.keys));
    keys_ = std::move(change.keys);
    notices_ = std::move(change.notices);
  }

  std::string id(KeyState state) const {
    const ServerKey* key = find_key(keys_, state);
    return key == nullptr ? "none" : key->key.key_id();
  }
  const ServerKey* find(const std::string& id) const {
    for (const ServerKey& key : keys_.signing_keys) {
      if (key.key.key_id() == id) return &key;
    }
    return nullptr;
  }
  RefreshTokenCodec codec() const {
    return RefreshTokenCodec(keys_.refresh_keys[0].key, keys_.refresh_keys.size() > 1 ? &keys_.refresh_keys[1].key : nullptr);
  }

  KeyPolicy policy_{.algorithm = Algorithm::kEdDsa,
                    .rotate_every = hours(24),
                    .publish_ahead = hours(1),
                    .token_lifetime = minutes(15),
                    .refresh_lifetime = hours(24 * 14)};
  WallTime now_{hours(1000)};
  CountingRandom random_;
  ServerKeys keys_;
  std::vector<KeyNotice> notices_;
};

TEST_F(KeyLife, BeginsWithAKeyThatSignsAndOneThatIsPublished) {
  EXPECT_EQ(keys_.signing_keys.size(), 2u);
  EXPECT_NE(id(KeyState::kActive), id(KeyState::kNext));
  EXPECT_EQ(keys_.refresh_keys.size(), 1u);
  settle();
  EXPECT_TRUE(notices_.empty());
}

TEST_F(KeyLife, RotatesByScheduleAtTheMomentAndNotBefore) {
  const std::string next = id(KeyState::kNext);
  const std::string active = id(KeyState::kActive);
  now_ += hours(24) - milliseconds(1);
  settle();
  EXPECT_EQ(id(KeyState::kActive), active);
  now_ += milliseconds(1);
  settle();
  EXPECT_EQ(id(KeyState::kActive), next);
  EXPECT_EQ(id(KeyState::kRetired), active);
  EXPECT_EQ(keys_.signing_keys.size(), 3u) << "and another one is next";
  ASSERT_EQ(notices_.size(), 1u);
  EXPECT_EQ(notices_[0].type, EventType::kKeyRotated);
  EXPECT_EQ(notices_[0].detail, next);
}

TEST_F(KeyLife, WithoutAScheduleRotatesOnlyWhenAsked) {
  policy_.rotate_every = seconds(0);
  now_ += hours(24 * 10'000);
  EXPECT_FALSE(activation_time(keys_, policy_));
  const std::string active = id(KeyState::kActive);
  settle();
  EXPECT_EQ(id(KeyState::kActive), active);
  ASSERT_TRUE(rotate());
  EXPECT_NE(id(KeyState::kActive), active);
}

TEST_F(KeyLife, NoKeySignsBeforeItHasBeenPublishedForLongEnough) {
  const std::string first = id(KeyState::kActive);
  const std::string next = id(KeyState::kNext);
  now_ += minutes(20);
  ASSERT_TRUE(rotate());
  EXPECT_EQ(id(KeyState::kActive), first);
  ASSERT_EQ(notices_.size(), 1u) << "who asked is told";
  EXPECT_NE(notices_[0].detail.find(next), std::string::npos);
  now_ += minutes(40) - milliseconds(1);
  settle();
  EXPECT_EQ(id(KeyState::kActive), first);
  now_ += milliseconds(1);
  settle();
  EXPECT_EQ(id(KeyState::kActive), next);
  ASSERT_TRUE(rotate());  // the one behind it is young yet
  EXPECT_EQ(id(KeyState::kActive), next);
}

TEST_F(KeyLife, AskedAgainAPlannedRotationDoesNotMoveAway) {
  ASSERT_TRUE(rotate());
  const auto planned = activation_time(keys_, policy_);
  now_ += minutes(59);
  ASSERT_TRUE(rotate());
  EXPECT_TRUE(notices_.empty()) << "nothing has changed";
  EXPECT_EQ(activation_time(keys_, policy_), planned);
}

TEST_F(KeyLife, RotatesAtOnceWhenThatIsAsked) {
  const std::string next = id(KeyState::kNext);
  ASSERT_TRUE(rotate(RotationPace::kAtOnce));
  EXPECT_EQ(id(KeyState::kActive), next);
}

TEST_F(KeyLife, ARetiredKeyVerifiesUntilItsLastTokenHasExpired) {
  const std::string first = id(KeyState::kActive);
  ASSERT_TRUE(rotate(RotationPace::kAtOnce));
  now_ += policy_.token_lifetime + kSigningMargin - milliseconds(1);
  settle();
  EXPECT_NE(find(first), nullptr);
  now_ += milliseconds(1);
  settle();
  EXPECT_EQ(find(first), nullptr);
  ASSERT_EQ(notices_.size(), 1u);
  EXPECT_EQ(notices_[0].type, EventType::kKeyRemoved);
}

TEST_F(KeyLife, ARemovedActiveKeyIsFollowedByTheNextAtOnce) {
  const std::string active = id(KeyState::kActive);
  const std::string next = id(KeyState::kNext);
  auto change = remove_key(keys_, policy_, active, now_, random_);
  ASSERT_TRUE(change);
  take(*change);
  EXPECT_EQ(find(active), nullptr);
  EXPECT_EQ(id(KeyState::kActive), next);
  EXPECT_NE(id(KeyState::kNext), "none");
  ASSERT_EQ(notices_.size(), 2u);
  EXPECT_EQ(notices_[0].type, EventType::kKeyRemoved);
  EXPECT_EQ(notices_[0].detail, active);
  EXPECT_EQ(notices_[1].type, EventType::kKeyRotated);
}

TEST_F(KeyLife, ARemovedNextKeyIsReplaced) {
  const std::string active = id(KeyState::kActive);
  const std::string next = id(KeyState::kNext);
  auto change = remove_key(keys_, policy_, next, now_, random_);
  ASSERT_TRUE(change);
  take(*change);
  EXPECT_EQ(find(next), nullptr);
  EXPECT_EQ(id(KeyState::kActive), active);
  EXPECT_NE(id(KeyState::kNext), "none");
}

TEST_F(KeyLife, ARemovedRetiredKeyIsGone) {
  const std::string first = id(KeyState::kActive);
  ASSERT_TRUE(rotate(RotationPace::kAtOnce));
  auto change = remove_key(keys_, policy_, first, now_, random_);
  ASSERT_TRUE(change);
  take(*change);
  EXPECT_EQ(find(first), nullptr);
  EXPECT_EQ(remove_key(keys_, policy_, first, now_, random_).error().code, ErrorCode::kNotFound);
}

TEST_F(KeyLife, WhereAllKeysAreRemovedNothingOfTheFileIsLeft) {
  ASSERT_TRUE(rotate(RotationPace::kAtOnce));
  const ServerKeys before = keys_;
  const Secret token = codec().encode({{}, 7});
  auto change = remove_all_keys(keys_, policy_, now_, random_);
  ASSERT_TRUE(change);
  take(*change);
  for (const ServerKey& key : before.signing_keys) EXPECT_EQ(find(key.key.key_id()), nullptr) << to_string(key.state);
  EXPECT_NE(id(KeyState::kActive), "none");
  EXPECT_NE(id(KeyState::kNext), "none");
  EXPECT_EQ(keys_.refresh_keys.size(), 1u);
  EXPECT_FALSE(codec().decode(token.reveal()));
  for (const RefreshKey& key : before.refresh_keys)
    EXPECT_FALSE(codec().decode(RefreshTokenCodec(key.key).encode({{}, 7}).reveal()));
  ASSERT_EQ(notices_.size(), before.signing_keys.size() + 2);
  EXPECT_EQ(notices_[before.signing_keys.size()].type, EventType::kKeyRemoved);
  EXPECT_EQ(notices_[before.signing_keys.size()].detail, "the keys of refresh tokens");
  EXPECT_EQ(notices_.back().type, EventType::kKeyRotated);
}

TEST_F(KeyLife, WhereAnOperatorsSecretSignsARemovalOfAllKeysExchangesTheRefreshKey) {
  policy_.algorithm.reset();
  settle();
  const Secret token = codec().encode({{}, 7});
  auto change = remove_all_keys(keys_, policy_, now_, random_);
  ASSERT_TRUE(change);
  take(*change);
  EXPECT_TRUE(keys_.signing_keys.empty());
  EXPECT_FALSE(codec().decode(token.reveal()));
}

TEST_F(KeyLife, NoMoreKeysThanMayBe) {
  for (std::size_t i = 0; i + 2 < kMaxServerKeys; ++i) {
    now_ += seconds(1);
    ASSERT_TRUE(rotate(RotationPace::kAtOnce)) << i;
  }
  EXPECT_EQ(keys_.signing_keys.size(), kMaxServerKeys);
  const auto refused = rotate(RotationPace::kAtOnce);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooManyAttempts);
  ASSERT_TRUE(refused.error().retry_after);
  now_ += *refused.error().retry_after;
  EXPECT_TRUE(rotate(RotationPace::kAtOnce));
}

TEST_F(KeyLife, AnotherAlgorithmIsPublishedAheadWhileTheOldOneSigns) {
  policy_.algorithm = Algorithm::kEs256;
  policy_.rotate_every = seconds(0);
  settle();
  EXPECT_EQ(find_key(keys_, KeyState::kNext)->key.algorithm(), Algorithm::kEs256);
  EXPECT_EQ(find_key(keys_, KeyState::kActive)->key.algorithm(), Algorithm::kEdDsa);
  EXPECT_EQ(activation_time(keys_, policy_), now_ + policy_.publish_ahead);
  now_ += policy_.publish_ahead;
  settle();
  EXPECT_EQ(find_key(keys_, KeyState::kActive)->key.algorithm(), Algorithm::kEs256);
  EXPECT_EQ(find_key(keys_, KeyState::kRetired)->key.algorithm(), Algorithm::kEdDsa);
}

TEST_F(KeyLife, WhereAnOperatorsSecretSignsNoKeyIsMadeAndOldOnesRetire) {
  const std::string active = id(KeyState::kActive);
  policy_.algorithm.reset();
  settle();
  EXPECT_EQ(id(KeyState::kRetired), active);
  EXPECT_EQ(keys_.signing_keys.size(), 1u);
  EXPECT_EQ(rotate_keys(keys_, policy_, RotationPace::kAtOnce, now_, random_).error().code, ErrorCode::kInvalidRequest);
  policy_.algorithm = Algorithm::kEdDsa;
  settle();
  EXPECT_EQ(keys_.signing_keys.size(), 3u) << "and back";
}

TEST_F(KeyLife, WhoComesBackFromAnOperatorsSecretWithTooManyKeysIsToldSo) {
  for (std::size_t i = 0; i + 2 < kMaxServerKeys; ++i) ASSERT_TRUE(rotate(RotationPace::kAtOnce));
  policy_.algorithm.reset();
  settle();
  policy_.algorithm = Algorithm::kEdDsa;
  const auto refused = settle_keys(keys_, policy_, now_, random_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooManyAttempts);
}

TEST_F(KeyLife, TheRefreshKeyIsExchangedToo) {
  const Secret token = codec().encode({{}, 7});
  ASSERT_TRUE(rotate(RotationPace::kAtOnce));
  EXPECT_NE(codec().encode({{}, 7}).reveal(), token.reveal());
  const auto content = codec().decode(token.reveal());
  ASSERT_TRUE(content);
  EXPECT_EQ(content->generation, 7u);
}

TEST_F(KeyLife, TheRefreshKeyBeforeStaysAsLongAsATokenOfItCouldBeUsed) {
  const Secret token = codec().encode({{}, 7});
  ASSERT_TRUE(rotate(RotationPace::kAtOnce));
  policy_.rotate_every = seconds(0);
  now_ += policy_.refresh_lifetime - milliseconds(1);
  settle();
  ASSERT_TRUE(rotate(RotationPace::kAtOnce));  // does not drive it out
  EXPECT_TRUE(codec().decode(token.reveal()));
  now_ += milliseconds(1);
  settle();
  EXPECT_FALSE(codec().decode(token.reveal()));
  EXPECT_EQ(keys_.refresh_keys.size(), 1u);
}

TEST_F(KeyLife, ABackwardStepOfTheClockChangesNothing) {
  ASSERT_TRUE(rotate(RotationPace::kAtOnce));
  const std::size_t before = keys_.signing_keys.size();
  now_ -= hours(500);
  settle();
  EXPECT_EQ(keys_.signing_keys.size(), before);
  EXPECT_TRUE(notices_.empty());
}

}  // namespace
}  // namespace rescind
