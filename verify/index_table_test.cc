// The tables of the index under growth, shrinking, full memory and keys that were chosen to meet.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "rescind/revocation_index.h"
#include "verify/table_view.h"

namespace rescind {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds kStart{seconds(1'700'000'000)};

// Heap memory that can be looked into, and that refuses when it was told to.
class WatchedMemory final : public IndexMemory {
 public:
  explicit WatchedMemory(std::uint32_t max_lines) : memory_(reserve_heap_memory(max_lines)) {}
  std::span<std::byte> range() override { return memory_->range(); }
  bool commit(std::uint64_t offset, std::uint64_t size) override {
    if (is_refusing) return false;
    EXPECT_EQ(offset % 4096, 0u);
    EXPECT_EQ(size % 4096, 0u);
    EXPECT_LE(offset + size, range().size());
    return memory_->commit(offset, size);
  }
  void release(std::uint64_t offset, std::uint64_t size) override {
    EXPECT_EQ(offset % 4096, 0u);
    EXPECT_EQ(size % 4096, 0u);
    memory_->release(offset, size);
  }

  bool is_refusing = false;

 private:
  std::unique_ptr<IndexMemory> memory_;
};

// SplitMix64.
std::uint64_t scatter(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

RevocationKey key_of_words(std::uint64_t first, std::uint64_t second) {
  RevocationKey key;
  const std::uint64_t words[2] = {first, second};
  std::memcpy(key.bytes.data(), words, sizeof words);
  return key;
}

RevocationKey key_of_number(std::uint64_t number) { return key_of_words(scatter(2 * number), scatter(2 * number + 1)); }

// What stands in the block for a key: absent, or its value.
class Block {
 public:
  explicit Block(IndexMemory& memory) : start_(memory.range().data()), header_(*reinterpret_cast<const IndexHeader*>(start_)) {}

  Probe find(RevocationKind kind, const RevocationKey& key) const {
    const KeyDigest digest(header_, kind, key);
    if (kind == RevocationKind::kToken || kind == RevocationKind::kSession) {
      return members_of(header_, header_.max_lines).find(digest);
    }
    return thresholds_of(header_, header_.max_lines).find(digest);
  }

  // Puts a key of MEMBERS where a search finds it, behind everybody's back. Precondition: the table has lines.
  void smuggle(RevocationKind kind, const RevocationKey& key) {
    const KeyDigest digest(header_, kind, key);
    const SubTableWord word = SubTableWord::parse(directory_of(header_)[digest.sub_table]);
    const std::uint64_t line = std::uint64_t{word.half} * header_.max_lines * kSubTables + digest.sub_table * word.lines +
                               reduce(digest.line_hash, word.lines);
    reinterpret_cast<MemberLine*>(start_ + kTablesOffset)[line].tags[0] = digest.tag;
  }

  // Of each sub-table of MEMBERS, once all have moved.
  std::uint32_t lines() const { return SubTableWord::parse(header_.newest[0]).lines; }

  // Whether every sub-table of MEMBERS stands where the header's word says.
  bool is_all_at_newest() const {
    const auto* const directory = directory_of(header_);
    const SubTableWord newest = SubTableWord::parse(header_.newest[0]);
    return std::all_of(directory, directory + kSubTables, [&](std::uint64_t word) {
      return SubTableWord::parse(word).lines == newest.lines && SubTableWord::parse(word).half == newest.half;
    });
  }

 private:
  std::byte* start_;
  const IndexHeader& header_;
};

struct Expected {
  std::int64_t value;
  sys_seconds expires;
};
using Model = std::map<std::pair<RevocationKind, std::uint64_t>, Expected>;

void expect_same(const Model& model, const RevocationIndex& index, const Block& block, std::uint64_t numbers) {
  ASSERT_EQ(index.size(), model.size());
  for (const RevocationKind kind :
       {RevocationKind::kToken, RevocationKind::kSession, RevocationKind::kUser, RevocationKind::kBefore}) {
    for (std::uint64_t number = 0; number < numbers; ++number) {
      const auto expected = model.find({kind, number});
      const auto found = block.find(kind, key_of_number(number)).value;
      ASSERT_EQ(found.has_value(), expected != model.end()) << to_string(kind) << number;
      ASSERT_EQ(found.value_or(0), found ? expected->second.value : 0);
    }
  }
}

TEST(IndexTable, KeepsExactlyWhatAMapKeepsWhileItGrowsAndShrinks) {
  auto memory = std::make_unique<WatchedMemory>(256);
  const Block block(*memory);
  RevocationIndex index(std::move(memory));
  Model model;
  std::mt19937_64 random(3);
  sys_seconds now = kStart;
  constexpr std::uint64_t kNumbers = 60'000;
  // Three tides: many more come than go, then the other way round.
  for (int round = 0; round < 36; ++round) {
    const bool is_rising = round % 12 < 6;
    std::vector<Revocation> batch;
    for (int i = 0; i < (is_rising ? 30'000 : 2'000); ++i) {
      const auto kind = static_cast<RevocationKind>(1 + random() % 4);
      const std::uint64_t number = random() % kNumbers;
      const bool is_member = kind == RevocationKind::kToken || kind == RevocationKind::kSession;
      const auto value = is_member ? 0 : static_cast<std::int64_t>(random() % 100) - 50;
      batch.push_back({1, kind, key_of_number(number), value, now + seconds(random() % 4000)});
      const auto [entry, is_new] = model.try_emplace({kind, number}, Expected{value, batch.back().expires});
      entry->second.value = std::max(entry->second.value, value);
      entry->second.expires = std::max(entry->second.expires, batch.back().expires);
    }
    ASSERT_TRUE(index.apply(batch));
    now += seconds(is_rising ? 50 : 600);
    const std::size_t gone = std::erase_if(model, [&](const auto& entry) { return entry.second.expires <= now; });
    ASSERT_EQ(index.purge(now), gone);
    if (round % 4 == 3) expect_same(model, index, block, kNumbers);
  }
  now += seconds(100'000);
  EXPECT_EQ(index.purge(now), model.size());
  EXPECT_EQ(index.size(), 0u);
}

TEST(IndexTable, TheHeaderSaysWhereAllSubTablesStandOnceTheyHaveMoved) {
  auto memory = std::make_unique<WatchedMemory>(256);
  const Block block(*memory);
  RevocationIndex index(std::move(memory));
  std::uint64_t number = 0;
  for (const std::uint64_t until : {1u, 100'000u, 400'000u}) {
    while (number < until || !block.is_all_at_newest()) {
      ASSERT_LT(number, 2 * until + 10'000) << "the table moves for ever, or nobody wrote where to";
      ASSERT_TRUE(index.apply({1, RevocationKind::kToken, key_of_number(number++), 0, kStart}));
    }
  }
}

TEST(IndexTable, ALookUpThatIsMadeAgainReadsLinesOnlyWhereSomethingWasAdded) {
  auto memory = std::make_unique<WatchedMemory>(256);
  Block block(*memory);
  RevocationIndex index(std::move(memory));
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(index.apply({1, RevocationKind::kToken, key_of_number(i), 0, kStart}));
  }
  Claims claims;
  claims.issuer = "iss";
  claims.token_id = "jti";
  TokenKeys keys;
  ASSERT_FALSE(index.find_match(claims, keys));
  block.smuggle(RevocationKind::kToken, token_key("iss", "jti"));
  EXPECT_FALSE(index.find_match(claims, keys));
  TokenKeys fresh;
  EXPECT_TRUE(index.find_match(claims, fresh));
  // Among so many one comes into the same sub-table.
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(index.apply({1, RevocationKind::kToken, key_of_number(i), 0, kStart}));
  }
  EXPECT_TRUE(index.find_match(claims, keys));
}

TEST(IndexTable, OnePurgeGivesTheMemoryBack) {
  auto memory = std::make_unique<WatchedMemory>(256);
  const Block block(*memory);
  RevocationIndex index(std::move(memory));
  for (std::uint64_t i = 0; i < 400'000; ++i) {
    ASSERT_TRUE(index.apply({1, RevocationKind::kToken, key_of_number(i), 0, i == 0 ? kStart + seconds(1) : kStart}));
  }
  EXPECT_GT(block.lines(), 16u);
  EXPECT_EQ(index.purge(kStart), 399'999u);
  EXPECT_TRUE(block.is_all_at_newest());
  EXPECT_EQ(block.lines(), 1u);
  EXPECT_TRUE(block.find(RevocationKind::kToken, key_of_number(0)).value);
}

TEST(IndexTable, GrowsUntilAllAddressesAreTaken) {
  auto memory = std::make_unique<WatchedMemory>(31);  // not one of the sizes that it takes on its way
  const Block block(*memory);
  RevocationIndex index(std::move(memory));
  std::uint64_t taken = 0;
  while (index.apply({1, RevocationKind::kSession, key_of_number(taken), 0, kStart})) ++taken;
  EXPECT_EQ(block.lines(), 31u);
}

TEST(IndexTable, TellsTheKindsApartUnderOneKey) {
  auto memory = std::make_unique<WatchedMemory>(8);
  const Block block(*memory);
  RevocationIndex index(std::move(memory));
  const RevocationKey zero{};
  ASSERT_TRUE(index.apply({1, RevocationKind::kToken, zero, 0, kStart}));
  EXPECT_TRUE(block.find(RevocationKind::kToken, zero).value);
  EXPECT_FALSE(block.find(RevocationKind::kSession, zero).value);
  ASSERT_TRUE(index.apply({1, RevocationKind::kBefore, zero, 7, kStart}));
  EXPECT_FALSE(block.find(RevocationKind::kUser, zero).value);
  ASSERT_TRUE(index.apply({1, RevocationKind::kUser, zero, 5, kStart}));
  EXPECT_EQ(block.find(RevocationKind::kBefore, zero).value, 7);
  EXPECT_EQ(block.find(RevocationKind::kUser, zero).value, 5);
  EXPECT_EQ(index.size(), 3u);
}

// Two keys that agree in the second half are two entries unless their first halves meet in one sub-table of the 4096.
TEST(IndexTable, KeysThatShareATagAreOneEntryOnlyInOneSubTable) {
  auto memory = std::make_unique<WatchedMemory>(8);
  const auto& header = *reinterpret_cast<const IndexHeader*>(memory->range().data());
  const Block block(*memory);
  RevocationIndex index(std::move(memory));
  RevocationKey key = key_of_number(1);
  ASSERT_TRUE(index.apply({1, RevocationKind::kToken, key, 0, kStart}));
  const std::uint64_t sub_table = KeyDigest(header, RevocationKind::kToken, key).sub_table;
  std::size_t met = 0;
  constexpr int kTried = 1 << 16;
  for (int i = 0; i < kTried; ++i) {
    std::memcpy(key.bytes.data(), &i, sizeof i);
    const bool is_same = KeyDigest(header, RevocationKind::kToken, key).sub_table == sub_table;
    met += is_same ? 1 : 0;
    ASSERT_EQ(block.find(RevocationKind::kToken, key).value.has_value(), is_same);
  }
  EXPECT_LT(met, 4u * kTried / kSubTables);
}

TEST(IndexTable, MovesAtMostAFewSubTablesWithEachEntry) {
  auto memory = std::make_unique<WatchedMemory>(256);
  const auto* const directory = reinterpret_cast<const std::atomic<std::uint64_t>*>(memory->range().data() + kDirectoryOffset);
  RevocationIndex index(std::move(memory));
  std::vector<std::uint64_t> before(kSubTables, 0);
  std::uint64_t most_lines = 0;
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    ASSERT_TRUE(index.apply({1, RevocationKind::kToken, key_of_number(i), 0, kStart}));
    if (i % 7 != 0) continue;
    std::uint64_t moved_lines = 0;
    for (std::uint64_t sub_table = 0; sub_table < kSubTables; ++sub_table) {
      const std::uint64_t word = directory[sub_table].load();
      if (word != before[sub_table]) moved_lines += SubTableWord::parse(word).lines;
      before[sub_table] = word;
    }
    most_lines = std::max(most_lines, moved_lines);
    ASSERT_LT(moved_lines, i > 20'000 ? 7 * 512u : 7 * kSubTables) << i;
  }
  EXPECT_GT(most_lines, 0u);
}

TEST(IndexTable, WithoutMemoryRefusesAndGoesOnWhenThereIsSome) {
  auto given = std::make_unique<WatchedMemory>(64);
  WatchedMemory& memory = *given;
  const Block block(memory);
  RevocationIndex index(std::move(given));
  std::uint64_t taken = 0;
  for (; taken < 20'000; ++taken) ASSERT_TRUE(index.apply({taken, RevocationKind::kToken, key_of_number(taken), 0, kStart}));
  memory.is_refusing = true;
  while (index.apply({taken, RevocationKind::kToken, key_of_number(taken), 0, kStart})) ++taken;
  EXPECT_EQ(index.head(), taken - 1) << "the one that was refused does not count";
  EXPECT_EQ(index.size(), taken);
  for (std::uint64_t i = 0; i < taken; ++i) ASSERT_TRUE(block.find(RevocationKind::kToken, key_of_number(i)).value);
  EXPECT_FALSE(block.find(RevocationKind::kToken, key_of_number(taken)).value);
  EXPECT_TRUE(index.apply({taken, RevocationKind::kToken, key_of_number(3), 0, kStart})) << "what is there can be renewed";
  memory.is_refusing = false;
  for (std::uint64_t i = taken; i < 2 * taken; ++i) {
    ASSERT_TRUE(index.apply({i, RevocationKind::kToken, key_of_number(i), 0, kStart}));
  }
  for (std::uint64_t i = 0; i < 2 * taken; ++i) ASSERT_TRUE(block.find(RevocationKind::kToken, key_of_number(i)).value);
}

TEST(IndexTable, WithoutAddressesRefusesUntilSomethingExpired) {
  RevocationIndex index(reserve_heap_memory(8));
  std::uint64_t taken = 0;
  while (index.apply({1, RevocationKind::kSession, key_of_number(taken), 0, kStart + seconds(taken % 2)})) ++taken;
  EXPECT_GT(taken, 8 * kSubTables);
  EXPECT_FALSE(index.apply({1, RevocationKind::kSession, key_of_number(taken), 0, kStart}));
  EXPECT_EQ(index.purge(kStart), (taken + 1) / 2);
  EXPECT_TRUE(index.apply({1, RevocationKind::kSession, key_of_number(taken), 0, kStart}));
}

TEST(IndexTable, AnExpiryThatDoesNotFitIsLateNeverEarly) {
  RevocationIndex index(reserve_heap_memory(8));
  const sys_seconds last{seconds(0xffff'fffe)};
  ASSERT_TRUE(index.apply({1, RevocationKind::kToken, key_of_number(1), 0, last}));
  ASSERT_TRUE(index.apply({1, RevocationKind::kToken, key_of_number(2), 0, last + seconds(1)}));
  ASSERT_TRUE(index.apply({1, RevocationKind::kToken, key_of_number(3), 0, last + seconds(std::int64_t{1} << 40)}));
  ASSERT_TRUE(index.apply({1, RevocationKind::kToken, key_of_number(4), 0, sys_seconds::max()}));
  ASSERT_TRUE(index.apply({1, RevocationKind::kToken, key_of_number(5), 0, sys_seconds(seconds(-5))}));
  EXPECT_EQ(index.purge(sys_seconds(seconds(-1))), 0u);
  EXPECT_EQ(index.purge(sys_seconds(seconds(0))), 1u);
  EXPECT_EQ(index.purge(last - seconds(1)), 0u);
  EXPECT_EQ(index.purge(last), 1u);
  EXPECT_EQ(index.purge(sys_seconds::max()), 0u);
  EXPECT_EQ(index.size(), 3u);
}

// Lines read for keys that are there, and for others of the same making that are not.
struct Work {
  double mean = 0;
  std::uint32_t most = 0;
};

template <class MakeKey>
Work work_of(MakeKey make_key, std::uint64_t count) {
  auto memory = std::make_unique<WatchedMemory>(1024);
  const Block block(*memory);
  RevocationIndex index(std::move(memory));
  std::vector<Revocation> batch;
  for (std::uint64_t i = 0; i < count; ++i) batch.push_back({1, RevocationKind::kToken, make_key(i), 0, kStart});
  EXPECT_TRUE(index.apply(batch));
  Work work;
  for (std::uint64_t i = 0; i < 2 * count; ++i) {
    const Probe probe = block.find(RevocationKind::kToken, make_key(i));
    EXPECT_EQ(probe.value.has_value(), i < count);
    work.mean += static_cast<double>(probe.lines_read) / static_cast<double>(2 * count);
    work.most = std::max(work.most, probe.lines_read);
  }
  return work;
}

constexpr std::uint64_t kFnvPrime = 1099511628211u;
constexpr std::uint64_t kMet = (1 << 20) - 1;  // the bits in which all of them meet

std::uint64_t fnv_1a(std::uint64_t x, int bytes) {
  std::uint64_t hash = 14695981039346656037u;
  for (int byte = 0; byte < bytes; ++byte) hash = (hash ^ (x >> (8 * byte) & 255)) * kFnvPrime;
  return hash;
}

// From which state before the last byte but one FNV-1a can still end in 20 zero bits, by the bits 8 to 19 of that state: the
// last byte that does it, or 256.
std::array<std::uint16_t, 4096> fnv_endings() {
  std::uint64_t inverse = kFnvPrime;
  for (int step = 0; step < 6; ++step) inverse *= 2 - kFnvPrime * inverse;
  std::array<std::uint16_t, 4096> endings;
  endings.fill(256);
  for (std::uint16_t last = 0; last < 256; ++last) endings[(last * inverse & kMet) >> 8] = last;
  return endings;
}

// Eight bytes whose FNV-1a ends in 20 zero bits, another eight for each i.
std::uint64_t colliding_under_fnv(std::uint64_t i) {
  static const std::array<std::uint16_t, 4096> kEndings = fnv_endings();
  for (std::uint64_t free = 0; free < 65536; ++free) {
    const std::uint64_t six_bytes = i << 1 | free << 32;
    const std::uint64_t last = kEndings[(fnv_1a(six_bytes, 6) & kMet) >> 8];
    if (last == 256) continue;
    for (std::uint64_t byte = 0; byte < 256; ++byte) {
      const std::uint64_t found = six_bytes | byte << 48 | last << 56;
      if ((fnv_1a(found, 8) & kMet) == 0) return found;
    }
  }
  ADD_FAILURE() << "no key found";
  return 0;
}

// Lines, not time: a random key costs about one and a half.
TEST(IndexTable, KeysChosenToMeetAreSearchedLikeRandomOnes) {
  const auto expect_short_searches = [](RevocationKey (*make_key)(std::uint64_t), std::uint64_t count, const char* what) {
    Work work = work_of(make_key, count);
    // What the hash bounds is the mean over all secrets; a rare one is unlucky with very regular keys. Another table, another
    // one.
    for (int again = 0; again < 2 && work.mean >= 2.0; ++again) work = work_of(make_key, count);
    EXPECT_LT(work.mean, 2.0) << what;
    EXPECT_LT(work.most, 100u) << what;
  };
  constexpr std::uint64_t kMillion = 1'000'000;
  expect_short_searches(key_of_number, kMillion, "random");
  expect_short_searches([](std::uint64_t i) { return key_of_words(i << 42, i << 42); }, kMillion, "equal low bits");
  const auto colliding = [](std::uint64_t i) { return key_of_words(colliding_under_fnv(i), colliding_under_fnv(i)); };
  ASSERT_EQ(fnv_1a(colliding_under_fnv(77), 8) & kMet, 0u);
  expect_short_searches(colliding, kMillion, "equal under FNV-1a");
  expect_short_searches([](std::uint64_t i) { return key_of_words(i, i << 1); }, kMillion / 5, "equal high bits");
}

}  // namespace
}  // namespace rescind
