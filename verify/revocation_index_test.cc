#include "rescind/revocation_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "verify/testing/token_maker.h"

namespace rescind {
namespace {

using namespace testing;
using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds kNow{seconds(1'700'000'000)};

// It views `token_id`.
Claims claims_of_token(std::string_view token_id = kTokenId) {
  Claims claims;
  claims.issuer = kIssuer;
  claims.subject = kSubject;
  claims.token_id = token_id;
  claims.session_id = kSessionId;
  claims.client_id = kClientId;
  claims.token_version = kTokenVersion;
  claims.issued_at = kNow;
  claims.expires_at = kNow + hours(1);
  return claims;
}

Revocation token_revocation(const std::string& token_id, sys_seconds expires = kNow + hours(1), std::uint64_t seq = 1) {
  return {seq, RevocationKind::kToken, token_key(kIssuer, token_id), 0, expires};
}

std::optional<RevocationKind> match(const RevocationView& revocations, const Claims& claims) {
  TokenKeys keys;
  return revocations.find_match(claims, keys);
}

TEST(RevocationIndex, AnEmptyIndexMatchesNothing) {
  const RevocationIndex index;
  EXPECT_FALSE(match(index, claims_of_token()));
  EXPECT_EQ(index.size(), 0u);
  EXPECT_EQ(index.head(), 0u);
  EXPECT_LT(index.horizon(), sys_seconds{});
}

// One rule for each way to refuse a token, and the way that does just not.
struct Rule {
  const char* name;
  Revocation hit;
  Revocation miss;
  RevocationKind kind;
};

std::vector<Rule> all_rules() {
  const std::int64_t issued_at = kNow.time_since_epoch().count();
  const sys_seconds expires = kNow + hours(2);
  const auto before = [&](const RevocationKey& key, std::int64_t value) {
    return Revocation{1, RevocationKind::kBefore, key, value, expires};
  };
  const auto user = [&](std::int64_t value) {
    return Revocation{1, RevocationKind::kUser, user_key(kIssuer, kSubject), value, expires};
  };
  const Revocation session{1, RevocationKind::kSession, session_key(kIssuer, kSessionId), 0, expires};
  const Revocation other_session{1, RevocationKind::kSession, session_key(kIssuer, "session-2"), 0, expires};
  return {
      {"token", token_revocation(std::string(kTokenId)), token_revocation("token-2"), RevocationKind::kToken},
      {"session", session, other_session, RevocationKind::kSession},
      {"user version", user(kTokenVersion + 1), user(kTokenVersion), RevocationKind::kUser},
      {"before issuer", before(before_issuer_key(kIssuer), issued_at + 1), before(before_issuer_key(kIssuer), issued_at),
       RevocationKind::kBefore},
      {"before subject", before(before_subject_key(kIssuer, kSubject), issued_at + 1),
       before(before_subject_key(kIssuer, kSubject), issued_at), RevocationKind::kBefore},
      {"before client", before(before_client_key(kIssuer, kClientId), issued_at + 1),
       before(before_client_key(kIssuer, kClientId), issued_at), RevocationKind::kBefore},
  };
}

TEST(RevocationIndex, ATokenIsGoodOnlyIfNoneOfAllCombinationsOfRulesMatches) {
  const std::vector<Rule> rules = all_rules();
  for (unsigned present = 0; present < 1u << rules.size(); ++present) {
    RevocationIndex index;
    for (std::size_t i = 0; i < rules.size(); ++i)
      EXPECT_TRUE(index.apply((present >> i & 1) != 0 ? rules[i].hit : rules[i].miss));
    EXPECT_EQ(match(index, claims_of_token()).has_value(), present != 0) << present;
  }
}

TEST(RevocationIndex, EachRuleRefusesAloneAndNamesItsKind) {
  for (const Rule& rule : all_rules()) {
    RevocationIndex index;
    EXPECT_TRUE(index.apply(rule.miss));
    EXPECT_FALSE(match(index, claims_of_token())) << rule.name;
    EXPECT_TRUE(index.apply(rule.hit));
    EXPECT_EQ(match(index, claims_of_token()), rule.kind) << rule.name;
  }
}

TEST(RevocationIndex, ATokenWithoutVersionCountsAsVersionZero) {
  RevocationIndex index;
  Claims claims = claims_of_token();
  claims.token_version.reset();
  EXPECT_TRUE(index.apply({1, RevocationKind::kUser, user_key(kIssuer, kSubject), 0, kNow + hours(1)}));
  EXPECT_FALSE(match(index, claims));
  EXPECT_TRUE(index.apply({2, RevocationKind::kUser, user_key(kIssuer, kSubject), 1, kNow + hours(1)}));
  EXPECT_EQ(match(index, claims), RevocationKind::kUser);
}

TEST(RevocationIndex, ARevocationOfOneIssuerDoesNotTouchAnother) {
  RevocationIndex index;
  for (const Rule& rule : all_rules()) EXPECT_TRUE(index.apply(rule.hit));
  Claims claims = claims_of_token();
  claims.issuer = "https://other.example";
  EXPECT_FALSE(match(index, claims));
}

TEST(RevocationIndex, ATokenWithoutSessionOrClientIsNotMatchedByEmptyNames) {
  RevocationIndex index;
  EXPECT_TRUE(index.apply({1, RevocationKind::kSession, session_key(kIssuer, ""), 0, kNow + hours(1)}));
  EXPECT_TRUE(index.apply({2, RevocationKind::kBefore, before_client_key(kIssuer, ""), INT64_MAX, kNow + hours(1)}));
  Claims claims = claims_of_token();
  claims.session_id = {};
  claims.client_id = {};
  EXPECT_FALSE(match(index, claims));
}

TEST(RevocationIndex, ApplyingIsIdempotentAndCommutative) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<Revocation> entries;
    for (std::uint64_t seq = 1; seq <= 40; ++seq) {
      Revocation entry{seq, RevocationKind::kUser, user_key(kIssuer, "user-" + std::to_string(random() % 5)),
                       static_cast<std::int64_t>(random() % 10), kNow + seconds(random() % 100)};
      if (random() % 3 == 0) entry.kind = RevocationKind::kBefore, entry.key = before_issuer_key(kIssuer);
      entries.push_back(entry);
    }
    std::vector<Revocation> shuffled = entries;
    shuffled.insert(shuffled.end(), entries.begin(), entries.begin() + 20);
    std::ranges::shuffle(shuffled, random);
    RevocationIndex one;
    RevocationIndex other;
    for (const Revocation& entry : entries) EXPECT_TRUE(one.apply(entry));
    for (const Revocation& entry : shuffled) EXPECT_TRUE(other.apply(entry));

    EXPECT_EQ(one.head(), other.head());
    for (int second = 0; second <= 100; second += 10) {
      one.purge(kNow + seconds(second));
      other.purge(kNow + seconds(second));
      ASSERT_EQ(one.size(), other.size());
      for (int user = 0; user < 5; ++user) {
        for (std::int64_t version = 0; version < 10; ++version) {
          Claims claims = claims_of_token();
          const std::string subject = "user-" + std::to_string(user);
          claims.subject = subject;
          claims.token_version = version;
          ASSERT_EQ(match(one, claims), match(other, claims));
        }
      }
    }
  }
}

TEST(RevocationIndex, OfTwoRowsWithOneKeyTheStricterValueAndTheLaterExpiryHold) {
  RevocationIndex index;
  EXPECT_TRUE(index.apply({1, RevocationKind::kUser, user_key(kIssuer, kSubject), kTokenVersion + 1, kNow + seconds(10)}));
  EXPECT_TRUE(index.apply({2, RevocationKind::kUser, user_key(kIssuer, kSubject), 1, kNow + seconds(20)}));
  EXPECT_EQ(index.size(), 1u);
  EXPECT_EQ(index.purge(kNow + seconds(19)), 0u);
  EXPECT_EQ(match(index, claims_of_token()), RevocationKind::kUser);
  EXPECT_EQ(index.purge(kNow + seconds(20)), 1u);
  EXPECT_FALSE(match(index, claims_of_token()));
}

TEST(RevocationIndex, PurgeRemovesExactlyWhatHasExpiredAndRaisesTheHorizon) {
  RevocationIndex index;
  constexpr int kEntries = 150'000;  // more in each shard than one lock hold looks at
  for (int i = 0; i < kEntries; ++i) EXPECT_TRUE(index.apply(token_revocation(std::to_string(i), kNow + seconds(i))));
  EXPECT_EQ(index.size(), static_cast<std::size_t>(kEntries));
  EXPECT_EQ(index.purge(kNow - seconds(1)), 0u);
  EXPECT_EQ(index.purge(kNow + seconds(999)), 1000u);
  EXPECT_EQ(index.horizon(), kNow + seconds(999));
  EXPECT_FALSE(match(index, claims_of_token("999")));
  EXPECT_TRUE(match(index, claims_of_token("1000")));
  EXPECT_EQ(index.purge(kNow + seconds(kEntries)), static_cast<std::size_t>(kEntries - 1000));
  EXPECT_EQ(index.size(), 0u);
}

TEST(RevocationIndex, TheHorizonAndTheHeadNeverGoBack) {
  RevocationIndex index;
  index.raise_horizon(kNow);
  index.raise_horizon(kNow - hours(1));
  index.purge(kNow - hours(2));
  EXPECT_EQ(index.horizon(), kNow);
  EXPECT_TRUE(index.apply(token_revocation("a", kNow, 9)));
  EXPECT_TRUE(index.apply(token_revocation("b", kNow, 4)));
  EXPECT_EQ(index.head(), 9u);
}

// --- the same look-up again ---

TEST(RevocationIndex, ALookUpThatIsMadeAgainFindsWhateverWasAddedMeanwhile) {
  const Claims claims = claims_of_token();
  for (const Rule& rule : all_rules()) {
    RevocationIndex index;
    TokenKeys keys;
    EXPECT_FALSE(index.find_match(claims, keys)) << rule.name;
    EXPECT_TRUE(index.apply(rule.miss));
    EXPECT_FALSE(index.find_match(claims, keys)) << rule.name;
    EXPECT_FALSE(index.find_match(claims, keys)) << rule.name;
    EXPECT_TRUE(index.apply(rule.hit));  // where a miss is a lower value of the same entry, that is raised
    EXPECT_EQ(index.find_match(claims, keys), rule.kind) << rule.name;
    EXPECT_EQ(index.find_match(claims, keys), rule.kind) << rule.name;
    EXPECT_NE(index.purge(kNow + hours(2)), 0u);
    EXPECT_FALSE(index.find_match(claims, keys)) << rule.name;
    EXPECT_TRUE(index.apply(rule.hit));
    EXPECT_EQ(index.find_match(claims, keys), rule.kind) << rule.name;
  }
}

TEST(RevocationIndex, ALookUpThatIsMadeAgainInAnotherIndexIsMadeThere) {
  const Claims claims = claims_of_token();
  for (const Rule& rule : all_rules()) {
    RevocationIndex one;
    RevocationIndex other;
    EXPECT_TRUE(one.apply(rule.miss));
    EXPECT_TRUE(other.apply(rule.hit));
    TokenKeys keys;
    EXPECT_FALSE(one.find_match(claims, keys)) << rule.name;
    EXPECT_EQ(other.find_match(claims, keys), rule.kind) << rule.name;
    EXPECT_FALSE(one.find_match(claims, keys)) << rule.name;
    EXPECT_EQ(other.find_match(claims, keys), rule.kind) << rule.name;
  }
}

// Through growth, expiry and shrinking, with entries that come, are raised, go and come back.
TEST(RevocationIndex, ALookUpThatIsMadeAgainAnswersWhatAFreshOneDoes) {
  constexpr std::size_t kTokens = 300;
  RevocationIndex index;
  std::mt19937_64 random(11);
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < kTokens; ++i) ids.push_back(std::to_string(i));
  std::vector<TokenKeys> kept(kTokens);
  sys_seconds now = kNow;
  std::size_t refused = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<Revocation> batch;
    // Others, so that the tables grow and shrink in tides.
    for (int i = 0; i < (round % 100 < 50 ? 1000 : 0); ++i)
      batch.push_back(token_revocation(std::to_string(random()), now + seconds(100)));
    for (int i = 0; i < 5; ++i) {
      const std::string& id = ids[random() % kTokens];
      const std::int64_t value = kTokenVersion - 1 + static_cast<std::int64_t>(random() % 3);
      switch (random() % 3) {
        case 0: batch.push_back(token_revocation(id, now + seconds(random() % 20))); break;
        case 1:
          batch.push_back({1, RevocationKind::kSession, session_key(kIssuer, id), 0, now + seconds(random() % 20)});
          break;
        default: batch.push_back({1, RevocationKind::kUser, user_key(kIssuer, id), value, now + seconds(random() % 20)});
      }
    }
    ASSERT_TRUE(index.apply(batch));
    now += seconds(2);
    index.purge(now);
    for (std::size_t i = 0; i < kTokens; ++i) {
      Claims claims = claims_of_token(ids[i]);
      claims.session_id = ids[i];
      claims.subject = ids[i];
      const auto found = index.find_match(claims, kept[i]);
      ASSERT_EQ(found, match(index, claims)) << "token " << i << " in round " << round;
      refused += found.has_value();
    }
  }
  EXPECT_GT(refused, 1000u);
}

// What was applied is found by everyone from then on, also by those who have looked for it in vain a moment before.
TEST(RevocationIndex, ALookUpThatIsMadeAgainMissesNothingThatAnotherThreadHasApplied) {
  constexpr std::size_t kTokens = 3000;
  RevocationIndex index;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < kTokens; ++i) ids.push_back("token-" + std::to_string(i));
  std::atomic<std::size_t> applied{0};
  std::atomic<std::size_t> missed{0};
  std::atomic<std::size_t> invented{0};
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&] {
      std::vector<TokenKeys> kept(kTokens);
      for (std::size_t until = 0; until < kTokens;) {
        until = applied.load(std::memory_order_acquire);
        for (std::size_t i = 0; i < kTokens; ++i) {
          const bool is_found = index.find_match(claims_of_token(ids[i]), kept[i]).has_value();
          if (i < until && !is_found) ++missed;
          if (is_found && i > applied.load(std::memory_order_acquire)) ++invented;
        }
      }
    });
  }
  for (std::size_t i = 0; i < kTokens; ++i) {
    EXPECT_TRUE(index.apply(token_revocation(ids[i])));
    applied.store(i + 1, std::memory_order_release);
    if (i % 16 == 0) std::this_thread::yield();
  }
  readers.clear();
  EXPECT_EQ(missed, 0u);
  EXPECT_EQ(invented, 0u);
}

// Every writer checks that what it has just applied is refused, whatever others do at the same moment; readers check that
// nothing is refused that was not revoked.
TEST(RevocationIndex, ReadersAndWritersAtOnceMissNothingAndInventNothing) {
  RevocationIndex index;
  std::atomic<int> missed{0};
  std::atomic<int> invented{0};
  std::atomic<bool> done{false};
  std::vector<std::jthread> threads;
  for (int writer = 0; writer < 3; ++writer) {
    threads.emplace_back([&, writer] {
      for (int i = 0; i < 2000; ++i) {
        // Half of the entries are shared between the writers, so that they merge into each other's rows.
        const std::string id = (i % 2 == 0 ? "shared" : "w" + std::to_string(writer)) + std::to_string(i);
        EXPECT_TRUE(index.apply(token_revocation(id, kNow + hours(1), static_cast<std::uint64_t>(i) + 1)));
        if (!match(index, claims_of_token(id))) ++missed;
        EXPECT_TRUE(index.apply(token_revocation(id + "-expired", kNow)));
      }
    });
  }
  std::jthread purger([&] {
    while (!done) index.purge(kNow);
  });
  std::jthread reader([&] {
    for (int i = 0; !done; ++i) {
      if (match(index, claims_of_token("good-" + std::to_string(i)))) ++invented;
    }
  });
  threads.clear();
  done = true;
  purger.join();
  reader.join();
  index.purge(kNow);
  EXPECT_EQ(missed, 0);
  EXPECT_EQ(invented, 0);
  EXPECT_EQ(index.size(), 1000u + 3 * 1000u);
  EXPECT_EQ(index.head(), 2000u);
}

// Who misses a row because it was purged must then find the horizon that says why. So many rows that a purge takes long, and
// some watched that are likely to lie where it begins.
TEST(RevocationIndex, NobodySeesARowGoneBeforeTheHorizonExplainsIt) {
  RevocationIndex index;
  for (int i = 0; i < 50'000; ++i) EXPECT_TRUE(index.apply(token_revocation(std::to_string(i), kNow)));
  std::jthread purger([&] { index.purge(kNow); });
  int watched = 0;
  while (match(index, claims_of_token(std::to_string(watched)))) watched = (watched + 1) % 64;
  const sys_seconds horizon = index.horizon();
  EXPECT_GE(horizon, kNow);
}

}  // namespace
}  // namespace rescind
