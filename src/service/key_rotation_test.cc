#include "service/key_rotation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class KeyRotationTest : public testing::Test {
 protected:
  KeyRotationTest() { start(); }

  // As the server starts: on the same store, clock and directory.
  void start() {
    rotation_.reset();
    parts_.reset();
    auto ring = KeyRing::load_or_create(place_, policy_, secrets_, clock_.wall_now(), random_);
    ASSERT_TRUE(ring) << ring.error().message;
    keys_ = std::make_unique<CurrentKeys>(std::move(*ring));
    parts_ = std::make_unique<ServiceParts>(ServicePolicy{}, between_, *keys_, clock_);
    ASSERT_TRUE(run(parts_->revocations.load()));
    rotation_ = std::make_unique<KeyRotation>(policy_, place_, secrets_, *keys_, parts_->check, store_, clock_, random_, log_);
  }

  TokenPair adopt() { return std::move(run(parts_->sessions.adopt(adopt_request("ada")))).value(); }
  bool is_good(const TokenPair& pair) { return parts_->check.check(pair.access_token).has_value(); }
  Result<void> rotate(RotationPace pace = RotationPace::kAtOnce) {
    return run(rotation_->rotate(pace, Actor{"192.0.2.7", {}}));
  }
  Result<void> remove(const std::string& id) { return run(rotation_->remove(id, Actor{"192.0.2.7", {}})); }
  Result<void> remove_all() { return run(rotation_->remove_all(Actor{"192.0.2.7", {}})); }
  std::string id(KeyState state) const {
    for (const KeyDescription& key : rotation_->list()) {
      if (key.state == state) return key.key_id;
    }
    return "none";
  }
  std::vector<Event> events() { return std::move(run(store_.list_events({}))).value(); }

  TemporaryDirectory directory_;
  KeyPlace place_{directory_.path().string()};
  StandingClock clock_;
  SystemRandom random_;
  Log log_{LogLevel::kOff, LogFormat::kText};
  MemoryStore store_;
  FailingStore between_{store_};
  OperatorSecrets secrets_;
  KeyPolicy policy_{
      .algorithm = Algorithm::kEdDsa, .rotate_every = hours(24), .token_lifetime = seconds(905), .refresh_lifetime = hours(24)};
  std::unique_ptr<CurrentKeys> keys_;
  std::unique_ptr<ServiceParts> parts_;
  std::unique_ptr<KeyRotation> rotation_;
};

TEST_F(KeyRotationTest, TokensOfBothKeysAreGoodAfterARotation) {
  const TokenPair before = adopt();
  const std::string next = id(KeyState::kNext);
  ASSERT_TRUE(rotate());
  EXPECT_EQ(keys_->get()->signing_key().key_id(), next);
  const TokenPair after = adopt();
  EXPECT_TRUE(is_good(before));
  EXPECT_TRUE(is_good(after));
}

TEST_F(KeyRotationTest, ARefreshTokenOutlivesARotationAndARestart) {
  const TokenPair before = adopt();
  ASSERT_TRUE(rotate());
  start();
  const auto refreshed = run(parts_->sessions.refresh(before.refresh_token, "192.0.2.9"));
  ASSERT_TRUE(refreshed) << refreshed.error().message;
  EXPECT_TRUE(parts_->sessions.session_of_refresh_token(refreshed->refresh_token.reveal()));
}

TEST_F(KeyRotationTest, WhatWasRotatedIsTheSameAfterARestart) {
  ASSERT_TRUE(rotate());
  const std::string active = id(KeyState::kActive);
  const std::string next = id(KeyState::kNext);
  const std::string retired = id(KeyState::kRetired);
  start();
  EXPECT_EQ(id(KeyState::kActive), active);
  EXPECT_EQ(id(KeyState::kNext), next);
  EXPECT_EQ(id(KeyState::kRetired), retired);
}

TEST_F(KeyRotationTest, ARemovedKeyIsRefusedAtOnceAndAfterARestart) {
  const TokenPair before = adopt();
  EXPECT_TRUE(is_good(before));  // remembered
  const std::string active = id(KeyState::kActive);
  ASSERT_TRUE(remove(active));
  EXPECT_FALSE(is_good(before));
  EXPECT_EQ(keys_->get()->jwks_json().find(active), std::string::npos);
  EXPECT_TRUE(is_good(adopt()));
  start();
  EXPECT_FALSE(is_good(before));
  EXPECT_EQ(remove(active).error().code, ErrorCode::kNotFound);
}

TEST_F(KeyRotationTest, WhereAllKeysAreRemovedNoTokenOfBeforeIsTakenAtOnceAndAfterARestart) {
  const TokenPair before = adopt();
  ASSERT_TRUE(remove_all());
  for (int round = 0; round < 2; ++round) {
    EXPECT_FALSE(is_good(before));
    EXPECT_EQ(run(parts_->sessions.refresh(before.refresh_token, "192.0.2.9")).error().code, ErrorCode::kInvalidToken);
    EXPECT_TRUE(is_good(adopt()));
    start();
  }
  const std::vector<Event> all = events();
  EXPECT_TRUE(std::ranges::any_of(all, [](const Event& event) {
    return event.draft.type == EventType::kKeyRemoved && event.draft.detail == "the keys of refresh tokens" &&
           event.draft.address == "192.0.2.7";
  }));
}

// Else a thief who refreshes in a loop would nearly always have one in flight.
TEST_F(KeyRotationTest, ARefreshThatIsInFlightWhileAllKeysAreRemovedGivesNothingThatIsGood) {
  const TokenPair before = adopt();
  between_.interrupt_next_call([&] { ASSERT_TRUE(remove_all()); });
  const auto refreshed = run(parts_->sessions.refresh(before.refresh_token, "192.0.2.9"));
  ASSERT_TRUE(refreshed) << refreshed.error().message;
  EXPECT_FALSE(is_good(*refreshed));
  EXPECT_FALSE(run(parts_->sessions.refresh(refreshed->refresh_token, "192.0.2.9")));
}

TEST_F(KeyRotationTest, ASignOutOfOthersThatIsInFlightWhileAllKeysAreRemovedGivesNothingThatIsGood) {
  const TokenPair before = adopt();
  between_.interrupt_next_call([&] { ASSERT_TRUE(remove_all()); });
  const auto kept = run(parts_->sessions.log_out_all(before.user.id, before.session.id, Actor{"192.0.2.7", {}}));
  ASSERT_TRUE(kept && kept->pair);
  EXPECT_FALSE(is_good(*kept->pair));
  EXPECT_FALSE(run(parts_->sessions.refresh(kept->pair->refresh_token, "192.0.2.9")));
}

TEST_F(KeyRotationTest, TheScheduleRotatesAndDropsWhatNobodyNeeds) {
  const std::string first = id(KeyState::kActive);
  const TokenPair before = adopt();
  clock_.advance(hours(24));
  ASSERT_TRUE(run(rotation_->settle()));
  EXPECT_EQ(id(KeyState::kRetired), first);
  clock_.advance(seconds(905) + kSigningMargin);
  ASSERT_TRUE(run(rotation_->settle()));
  EXPECT_EQ(id(KeyState::kRetired), "none");
  EXPECT_FALSE(is_good(before));
}

TEST_F(KeyRotationTest, EachChangeIsAnEvent) {
  const std::string first = id(KeyState::kActive);
  const std::string second = id(KeyState::kNext);
  ASSERT_TRUE(rotate());
  ASSERT_TRUE(remove(first));
  const std::vector<Event> all = events();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].draft.type, EventType::kKeyRotated);
  EXPECT_EQ(all[0].draft.detail, second);
  EXPECT_EQ(all[0].draft.address, "192.0.2.7");
  EXPECT_EQ(all[1].draft.type, EventType::kKeyRemoved);
  EXPECT_EQ(all[1].draft.detail, first);
}

TEST_F(KeyRotationTest, WhatCannotBeWrittenIsNotUsed) {
  const std::string active = id(KeyState::kActive);
  const std::string moved = directory_.path().string() + ".moved";
  std::filesystem::rename(directory_.path(), moved);
  EXPECT_FALSE(rotate());
  EXPECT_FALSE(remove(active));
  EXPECT_EQ(id(KeyState::kActive), active);
  EXPECT_TRUE(is_good(adopt()));
  std::filesystem::rename(moved, directory_.path());
  EXPECT_TRUE(rotate());
}

TEST_F(KeyRotationTest, AMasterSecretThatIsExchangedSignsNobodyOut) {
  place_.secrets.current = Secret(std::string(32, '1'));
  start();
  const TokenPair before = adopt();
  place_.secrets = {.current = Secret(std::string(32, '2')), .previous = place_.secrets.current};
  start();
  EXPECT_TRUE(is_good(before));
  ASSERT_TRUE(rotate());
  place_.secrets.previous.reset();
  start();
  EXPECT_TRUE(is_good(before));
  EXPECT_TRUE(run(parts_->sessions.refresh(before.refresh_token, "192.0.2.9")));
}

TEST_F(KeyRotationTest, AnOperatorsSecretIsListedAndStays) {
  secrets_.current = Secret(std::string(32, 's'));
  policy_.algorithm.reset();
  start();
  const TokenPair pair = adopt();
  const std::string secret_id = id(KeyState::kActive);
  EXPECT_EQ(secret_id, SigningKey::from_hmac_secret(*secrets_.current)->key_id());
  EXPECT_EQ(remove(secret_id).error().code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(rotate().error().code, ErrorCode::kInvalidRequest);
  EXPECT_TRUE(is_good(pair));
}

}  // namespace
}  // namespace rescind
