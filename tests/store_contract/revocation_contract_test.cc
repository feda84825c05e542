// Revocations: one row per key, the strictest holds, numbers that are never reused.
#include <algorithm>

#include "tests/store_contract/store_contract.h"

namespace rescind {
namespace {

EventDraft added() { return make_event(EventType::kRevocationAdded); }

TEST_P(StoreContract, NewStoreIsEmpty) {
  const StoreState state = ok(store().load_state());
  EXPECT_EQ(state.head, 0u);
  EXPECT_EQ(state.horizon, at_second(0));
  EXPECT_EQ(state.longest_token_lifetime.count(), 0);
  EXPECT_TRUE(all_revocations().empty());
  EXPECT_TRUE(all_events().empty());
}

TEST_P(StoreContract, RevocationsAreNumberedFromOneAndListedInThatOrder) {
  for (int i = 1; i <= 5; ++i) {
    const RevocationDraft draft = make_revocation(RevocationKind::kToken, "t" + std::to_string(i), 0, kTestNow + 100 - i);
    const Revocation row = ok(store().add_revocation(draft, added()));
    EXPECT_EQ(row.seq, static_cast<std::uint64_t>(i));
    EXPECT_EQ(row.key, draft.key);
    EXPECT_EQ(row.expires, draft.expires);
  }
  const auto page = ok(store().list_revocations(2, 2));
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].seq, 3u);
  EXPECT_EQ(page[1].seq, 4u);
  EXPECT_TRUE(ok(store().list_revocations(5, 10)).empty());
  EXPECT_TRUE(ok(store().list_revocations(~std::uint64_t{0}, 10)).empty());
  EXPECT_TRUE(ok(store().list_revocations(0, 0)).empty());
  EXPECT_EQ(ok(store().load_state()).head, 5u);
}

TEST_P(StoreContract, ARowAtLeastAsStrictThatLivesAsLongIsReturnedUnchanged) {
  const auto first = ok(store().add_revocation(make_revocation(RevocationKind::kBefore, "a", 50, kTestNow + 100), added()));
  for (const auto& [value, expires] : {std::pair{50, 100}, {49, 100}, {50, 99}, {0, 0}}) {
    const auto row =
        ok(store().add_revocation(make_revocation(RevocationKind::kBefore, "a", value, kTestNow + expires), added()));
    EXPECT_EQ(row, first);
  }
  EXPECT_EQ(all_revocations(), std::vector{first});
  EXPECT_EQ(all_events().size(), 1u);
}

// When several rules are present the stricter one wins: neither a later nor an earlier request can weaken a row.
TEST_P(StoreContract, TheStricterValueAndTheLaterExpiryHoldUnderANewSeq) {
  ok(store().add_revocation(make_revocation(RevocationKind::kBefore, "a", 50, kTestNow + 100), added()));
  const auto stricter = ok(store().add_revocation(make_revocation(RevocationKind::kBefore, "a", 60, kTestNow + 10), added()));
  EXPECT_EQ(stricter.value, 60);
  EXPECT_EQ(stricter.expires, at_second(kTestNow + 100));
  EXPECT_EQ(stricter.seq, 2u);
  const auto longer = ok(store().add_revocation(make_revocation(RevocationKind::kBefore, "a", 0, kTestNow + 101), added()));
  EXPECT_EQ(longer.value, 60);
  EXPECT_EQ(longer.expires, at_second(kTestNow + 101));
  EXPECT_EQ(longer.seq, 3u);
  EXPECT_EQ(all_revocations(), std::vector{longer});
  EXPECT_EQ(all_events().size(), 3u);
}

TEST_P(StoreContract, KindsWithOneKeyAreRowsOfTheirOwn) {
  for (const auto kind : {RevocationKind::kToken, RevocationKind::kSession, RevocationKind::kUser, RevocationKind::kBefore}) {
    ok(store().add_revocation(make_revocation(kind, "a", 7), added()));
  }
  EXPECT_EQ(all_revocations().size(), 4u);
}

TEST_P(StoreContract, ExtremeValuesComeBack) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const auto low = ok(store().add_revocation(make_revocation(RevocationKind::kBefore, "a", kLeast, kLeast), added()));
  const auto high = ok(store().add_revocation(make_revocation(RevocationKind::kBefore, "b", kMost, kMost), added()));
  EXPECT_EQ(all_revocations(), (std::vector{low, high}));
}

TEST_P(StoreContract, ConcurrentRevocationsGetDistinctNumbersWithoutGaps) {
  std::vector<Task<Result<Revocation>>> tasks;
  for (int i = 0; i < 500; ++i) {
    tasks.push_back(store().add_revocation(make_revocation(RevocationKind::kToken, std::to_string(i)), added()));
  }
  run_all(std::move(tasks), 4);
  const auto rows = all_revocations();
  ASSERT_EQ(rows.size(), 500u);
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].seq, i + 1);
}

TEST_P(StoreContract, ANumberIsNeverReusedEvenWhenAllRowsArePurged) {
  ok(store().add_revocation(make_revocation(RevocationKind::kToken, "a", 0, kTestNow), added()));
  ok(store().add_revocation(make_revocation(RevocationKind::kToken, "b", 0, kTestNow), added()));
  EXPECT_EQ(ok(store().purge(wall(kTestNow), 100)).revocations, 2u);
  EXPECT_TRUE(all_revocations().empty());
  EXPECT_EQ(ok(store().load_state()).head, 2u);
  reopen();
  EXPECT_EQ(ok(store().load_state()).head, 2u);
  EXPECT_EQ(ok(store().add_revocation(make_revocation(RevocationKind::kToken, "a"), added())).seq, 3u);
}

TEST_P(StoreContract, TheLongestLifetimeIsRaisedAndNeverLowered) {
  ok(store().raise_longest_token_lifetime(std::chrono::seconds(900)));
  ok(store().raise_longest_token_lifetime(std::chrono::seconds(300)));
  EXPECT_EQ(ok(store().load_state()).longest_token_lifetime.count(), 900);
  ok(store().raise_longest_token_lifetime(std::chrono::seconds(901)));
  reopen();
  EXPECT_EQ(ok(store().load_state()).longest_token_lifetime.count(), 901);
}

// A page of ten thousand is what the index and the feed read at a time.
TEST_P(StoreContract, PagesCoverAllRowsOnce) {
  constexpr std::uint64_t kRows = 2500;
  std::vector<Task<Result<Revocation>>> tasks;
  for (std::uint64_t i = 0; i < kRows; ++i) {
    tasks.push_back(store().add_revocation(make_revocation(RevocationKind::kToken, std::to_string(i)), added()));
  }
  run_all(std::move(tasks), 1);
  std::uint64_t after = 0;
  std::uint64_t seen = 0;
  for (;;) {
    const auto page = ok(store().list_revocations(after, 999));
    if (page.empty()) break;
    for (const auto& row : page) EXPECT_EQ(row.seq, ++seen);
    after = page.back().seq;
  }
  EXPECT_EQ(seen, kRows);
}

}  // namespace
}  // namespace rescind
