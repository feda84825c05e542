#include "service/revocations.h"

#include <gtest/gtest.h>

#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

Actor admin() { return {"192.0.2.1", std::nullopt}; }

ServicePolicy with_ttl(int ttl) {
  ServicePolicy policy;
  policy.access_ttl = seconds(ttl);
  return policy;
}

TEST(Restart, KeepsRefusingWhatWasRevokedBefore) {
  ServiceUnderTest service;
  const TokenPair session = service.adopt("ada");
  const TokenPair everywhere = service.adopt("grace");
  const TokenPair untouched = service.adopt("linus");
  ASSERT_TRUE(service.log_out(session));
  ASSERT_TRUE(run(service.revocations().revoke_user(everywhere.user.id, std::nullopt, EndReason::kAdmin, admin())));
  service.start({});
  EXPECT_EQ(service.refusal(session), ErrorCode::kTokenRevoked);
  EXPECT_EQ(service.refusal(everywhere), ErrorCode::kTokenRevoked);
  EXPECT_TRUE(service.is_good(untouched));
}

constexpr std::size_t kFlood = 2 * kMaxOwnRevocations;

TEST(OwnRevocations, AFloodOfLogOutsAddsABoundedNumberOfEntriesAndEveryOneIsRefused) {
  ServiceUnderTest service;
  const TokenPair bystander = service.adopt("ada");
  std::vector<TokenPair> pairs;
  for (std::size_t i = 0; i < kFlood; ++i) {
    pairs.push_back(service.adopt("mallory"));
    ASSERT_TRUE(service.log_out(pairs.back())) << i;
    ASSERT_EQ(service.refusal(pairs.back()), ErrorCode::kTokenRevoked) << i;
    ASSERT_EQ(service.refresh(pairs.back()).error().code, ErrorCode::kSessionRevoked) << i;
  }
  EXPECT_EQ(service.revocations().live_count(), kMaxOwnRevocations + 1);
  for (const TokenPair& pair : pairs) ASSERT_EQ(service.refusal(pair), ErrorCode::kTokenRevoked);
  EXPECT_TRUE(service.is_good(bystander));
  EXPECT_TRUE(service.is_good(service.adopt("mallory")));
}

TEST(OwnRevocations, AFloodOfRevokedTokensAddsABoundedNumberOfEntriesAndEveryOneIsRefused) {
  ServiceUnderTest service;
  const TokenPair bystander = service.adopt("ada");
  TokenPair pair = service.adopt("mallory");
  for (std::size_t i = 0; i < kFlood; ++i) {
    const VerifiedToken token = *service.parts->check.check(pair.access_token);
    Actor client{"192.0.2.1", pair.user.id};
    std::string id(token.claims().token_id);
    ASSERT_TRUE(run(service.revocations().revoke_token(std::move(id), token.claims().expires_at, client)));
    ASSERT_EQ(service.refusal(pair), ErrorCode::kTokenRevoked) << i;
    Result<TokenPair> next = service.refresh(pair);
    pair = next ? std::move(*next) : service.adopt("mallory");
  }
  EXPECT_EQ(service.revocations().live_count(), kMaxOwnRevocations + 1);
  EXPECT_TRUE(service.is_good(bystander));
}

TEST(OwnRevocations, WhatIsRevokedAgainAndAgainCountsOnce) {
  ServiceUnderTest service;
  const TokenPair other = service.adopt("ada");
  const TokenPair session = service.adopt("ada");
  const TokenPair token = service.adopt("ada");
  const std::string id(service.parts->check.check(token.access_token)->claims().token_id);
  const auto expires_at = to_seconds(service.clock.wall_now()) + seconds(900);
  for (std::size_t i = 0; i < kFlood; ++i) {
    ASSERT_TRUE(service.log_out(session));
    ASSERT_TRUE(run(service.revocations().revoke_token(id, expires_at, Actor{"192.0.2.1", token.user.id})));
  }
  EXPECT_TRUE(service.is_good(other));
}

TEST(OwnRevocations, AFloodOfLogInsThatDriveOutOthersAddsABoundedNumberOfEntriesAndEveryOneIsRefused) {
  ServiceUnderTest service({.session = {.max_per_user = 2, .at_limit = SessionPolicy::AtLimit::kEvict}});
  const TokenPair bystander = service.adopt("ada");
  std::vector<TokenPair> pairs;
  for (std::size_t i = 0; i < kFlood; ++i) {
    service.clock.advance(milliseconds(1));  // there is an oldest one
    pairs.push_back(service.adopt("mallory"));
    ASSERT_TRUE(service.is_good(pairs.back())) << i;
    if (i < 2) continue;
    ASSERT_EQ(service.refusal(pairs[i - 2]), ErrorCode::kTokenRevoked) << i;
    ASSERT_EQ(service.refresh(pairs[i - 2]).error().code, ErrorCode::kSessionRevoked) << i;
  }
  EXPECT_EQ(service.revocations().live_count(), kMaxOwnRevocations + 1);
  EXPECT_TRUE(service.refresh(pairs[kFlood - 2])) << "the other session that may be alive is";
  EXPECT_TRUE(service.is_good(bystander));
}

TEST(OwnRevocations, AnAdministratorEndsAsManySessionsAsHeLikes) {
  ServiceUnderTest service;
  const TokenPair other = service.adopt("ada");
  for (std::size_t i = 0; i < kMaxOwnRevocations + 10; ++i) {
    const TokenPair pair = service.adopt("ada");
    ASSERT_TRUE(run(service.revocations().revoke_session(pair.session.id, std::nullopt, EndReason::kAdmin, admin())));
  }
  EXPECT_TRUE(service.is_good(other));
}

TEST(Restart, LoadsEveryPageOfTheLog) {
  ServiceUnderTest service;
  const std::size_t rows = kLoadPage + 5;
  const auto expires = to_seconds(service.clock.wall_now()) + seconds(600);
  for (std::size_t i = 0; i < rows; ++i) {
    RevocationDraft draft{RevocationKind::kToken, token_key(kTestIssuer, std::to_string(i)), 0, expires};
    ASSERT_TRUE(run(service.failing.add_revocation(draft, EventDraft{})));
  }
  service.start({});
  EXPECT_EQ(service.revocations().live_count(), rows);
}

TEST(Restart, WithAShorterLifetimeStillRefusesTheRevokedTokensOfTheLongerOne) {
  ServiceUnderTest service(with_ttl(900));
  const TokenPair pair = service.adopt("ada");
  service.start(with_ttl(60));
  EXPECT_TRUE(service.is_good(pair));
  ASSERT_TRUE(service.log_out(pair));
  service.pass_time(seconds(300));
  ASSERT_TRUE(run(service.revocations().purge()));
  EXPECT_EQ(service.refusal(pair), ErrorCode::kTokenRevoked);
}

// A queue without room stands for one that a flood keeps full.
TEST(Lease, IsRenewedThroughQueuesThatAreFull) {
  const TemporaryDirectory directory;
  SqliteOptions options;
  options.path = directory.file("rescind.db");
  options.max_queued_writes = 0;
  options.max_queued_reads = 0;
  const auto opened = SqliteStore::open(options);
  ASSERT_TRUE(opened.has_value());
  SqliteStore& store = **opened;
  ASSERT_EQ(run(store.append_event(EventDraft{})).error().code, ErrorCode::kOverloaded);
  ASSERT_EQ(run(store.list_revocations(0, 1)).error().code, ErrorCode::kOverloaded);
  StandingClock source;
  const ForwardClock clock(source);
  Metrics metrics;
  Revocations revocations(RevocationPolicy{kTestIssuer}, store, clock, metrics);
  EXPECT_TRUE(run(revocations.renew_lease()).has_value());
  EXPECT_TRUE(revocations.lease_is_live());
}

TEST(RevokeBefore, RefusesAMomentInTheFuture) {
  ServiceUnderTest service;
  const auto now = to_seconds(service.clock.wall_now());
  const RevocationKey key = before_issuer_key(kTestIssuer);
  const auto later = run(service.revocations().revoke_before(key, now + seconds(1), "", admin()));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, ErrorCode::kInvalidRequest);
  EXPECT_TRUE(run(service.revocations().revoke_before(key, now, "", admin())));
}

TEST(Restart, WithAClockThatWasSetBackRevivesNothingThatWasPurged) {
  ServiceUnderTest service(with_ttl(60));
  const TokenPair pair = service.adopt("ada");
  ASSERT_TRUE(service.log_out(pair));
  service.pass_time(hours(1));
  EXPECT_EQ(run(service.revocations().purge())->revocations, 1U);
  service.clock.step_wall(-hours(1));
  EXPECT_EQ(service.refusal(pair), ErrorCode::kTokenExpired);
  service.start(with_ttl(60));
  EXPECT_EQ(service.refusal(pair), ErrorCode::kTokenExpired);
}

// Its expiry is counted from the clock that was set back; the token's from the one before.
TEST(Restart, WithAClockThatWasSetBackRevokesForAsLongAsTheTokenLives) {
  ServiceUnderTest service(with_ttl(60));
  service.pass_time(hours(5));
  const TokenPair pair = service.adopt("ada");
  service.clock.step_wall(-hours(5));
  service.start(with_ttl(60));
  ASSERT_TRUE(service.log_out(pair));
  service.clock.step_wall(hours(5));
  service.pass_time(seconds(64));
  ASSERT_TRUE(run(service.revocations().purge()));
  EXPECT_EQ(service.refusal(pair), ErrorCode::kTokenRevoked);
}

TEST(Restart, ThatCannotLoadAnswersStaleAndNeverGood) {
  ServiceUnderTest service;
  const TokenPair pair = service.adopt("ada");
  service.failing.set_out(true);
  service.start({});
  EXPECT_FALSE(service.is_loaded);
  EXPECT_EQ(service.refusal(pair), ErrorCode::kVerifierStale);
}

TEST(Lease, AnswersFromMemoryWhileItLivesAndThenFailsClosed) {
  ServiceUnderTest service;
  const TokenPair pair = service.adopt("ada");
  service.failing.set_out(true);
  service.clock.advance(milliseconds(4999));
  EXPECT_TRUE(service.is_good(pair));
  EXPECT_FALSE(run(service.revocations().renew_lease()));
  service.clock.advance(milliseconds(1));
  EXPECT_EQ(service.refusal(pair), ErrorCode::kVerifierStale);
  service.failing.set_out(false);
  ASSERT_TRUE(run(service.revocations().renew_lease()));
  EXPECT_TRUE(service.is_good(pair));
}

TEST(Lease, IsNotMovedByTheWallClock) {
  ServiceUnderTest service;
  const TokenPair pair = service.adopt("ada");
  service.clock.step_wall(seconds(30));
  EXPECT_TRUE(service.is_good(pair));
}

TEST(Purge, RemovesAnEntryOnceItsTimeAndTheLeewayAreOverAndNotBefore) {
  ServiceUnderTest service(with_ttl(60));
  const TokenPair pair = service.adopt("ada");
  ASSERT_TRUE(service.log_out(pair));
  service.clock.advance(seconds(60 + 5) - milliseconds(1));
  EXPECT_EQ(run(service.revocations().purge())->revocations, 0U);
  EXPECT_EQ(service.revocations().live_count(), 1U);
  service.clock.advance(milliseconds(1));
  EXPECT_EQ(run(service.revocations().purge())->revocations, 1U);
  EXPECT_EQ(service.revocations().live_count(), 0U);
}

TEST(Purge, ThatFailedInTheStoreLeavesTheIndexAlone) {
  ServiceUnderTest service(with_ttl(60));
  ASSERT_TRUE(service.log_out(service.adopt("ada")));
  service.clock.advance(hours(1));
  service.failing.fail_call(1, FailureSide::kBefore);
  EXPECT_FALSE(run(service.revocations().purge()));
  EXPECT_EQ(service.revocations().live_count(), 1U);
}

TEST(RevokeAnySession, RefusesTokensOfASessionThatTheStoreDoesNotKnow) {
  ServiceUnderTest service;
  const SessionId unknown = SessionId::create(service.parts->random);
  const auto added = run(service.revocations().revoke_any_session(unknown, admin()));
  ASSERT_TRUE(added);
  EXPECT_EQ(added->key, session_key(kTestIssuer, unknown.text()));
  EXPECT_EQ(service.revocations().live_count(), 1U);
}

TEST(RevokeToken, KeepsNoEntryLongerThanAnyTokenLives) {
  ServiceUnderTest service(with_ttl(60));
  const auto now = to_seconds(service.clock.wall_now());
  const auto added = run(service.revocations().revoke_token("some-jti", now + hours(24 * 365), admin()));
  ASSERT_TRUE(added);
  EXPECT_EQ(added->expires, now + seconds(60));
}

class RefusingMemory final : public IndexMemory {
 public:
  explicit RefusingMemory(const bool& is_refusing) : is_refusing_(is_refusing), memory_(reserve_heap_memory(8)) {}
  std::span<std::byte> range() override { return memory_->range(); }
  bool commit(std::uint64_t offset, std::uint64_t size) override { return !is_refusing_ && memory_->commit(offset, size); }
  void release(std::uint64_t offset, std::uint64_t size) override { memory_->release(offset, size); }

 private:
  const bool& is_refusing_;
  std::unique_ptr<IndexMemory> memory_;
};

// What is acknowledged must be refused here: with no room for it, nothing is good until there is.
TEST(FullIndex, EndsTheLeaseHereAndForOtherProcessesUntilTheRevocationWasTakenUp) {
  MemoryStore store;
  StandingClock standing;
  const ForwardClock clock(standing);
  Metrics metrics;
  bool is_refusing = false;
  Revocations revocations(RevocationPolicy{kTestIssuer}, store, clock, metrics, std::make_unique<RefusingMemory>(is_refusing));
  ASSERT_TRUE(run(revocations.load()));
  const auto is_live = [&] {
    const bool live = revocations.index().lease_is_live(clock.steady_now().time_since_epoch());
    EXPECT_EQ(live, revocations.lease_is_live());
    return live;
  };
  EXPECT_TRUE(is_live());
  is_refusing = true;
  EXPECT_TRUE(run(revocations.revoke_token("jti", to_seconds(clock.wall_now()) + seconds(60), admin()))) << "it is durable";
  EXPECT_FALSE(is_live());
  standing.advance(milliseconds(1));
  EXPECT_FALSE(run(revocations.renew_lease()));
  EXPECT_FALSE(is_live());
  is_refusing = false;
  ASSERT_TRUE(run(revocations.renew_lease()));
  EXPECT_TRUE(is_live());
  EXPECT_EQ(revocations.live_count(), 1U);
}

// The strictest rule wins: a token is good only where none matches, whatever the others say.
TEST(StrictestRule, ATokenIsGoodOnlyWhereNoRuleMatches) {
  for (unsigned rules = 0; rules < 16; ++rules) {
    ServiceUnderTest service;
    const TokenPair pair = service.adopt("ada");
    const auto token = service.parts->check.identify(pair.access_token);
    service.clock.advance(seconds(1));
    const auto now = to_seconds(service.clock.wall_now());
    if (rules & 1U) {
      std::string id(token->claims().token_id);
      ASSERT_TRUE(run(service.revocations().revoke_token(std::move(id), token->claims().expires_at, admin())));
    }
    if (rules & 2U) {
      ASSERT_TRUE(run(service.revocations().revoke_any_session(pair.session.id, admin())));
    }
    if (rules & 4U) {
      ASSERT_TRUE(run(service.revocations().revoke_user(pair.user.id, std::nullopt, EndReason::kAdmin, admin())));
    }
    if (rules & 8U) {
      const RevocationKey key = before_subject_key(kTestIssuer, "ada");
      ASSERT_TRUE(run(service.revocations().revoke_before(key, now, "", admin())));
      ASSERT_TRUE(run(service.revocations().revoke_before(key, now - hours(1), "", admin())))
          << "a laxer one takes nothing back";
    }
    EXPECT_EQ(service.is_good(pair), rules == 0) << rules;
  }
}

}  // namespace
}  // namespace rescind
