// Acknowledged means durable: no power cut loses it. Hundreds of cuts at random places of a mixed load, and of the recovery
// after a cut. A control run with synchronous=NORMAL, which survives every kill -9, does lose: so the test can tell.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "store/sqlite/sqlite_store.h"
#include "tests/durability/power_cut_disk.h"
#include "tests/testing/run_task.h"
#include "tests/testing/store_values.h"
#include "tests/testing/temporary_directory.h"

namespace rescind {
namespace {

constexpr std::uint64_t kSeed = 0x5eed'2024;
constexpr int kClients = 8;

// What the clients were told of one session.
struct Known {
  std::uint64_t generation = 1;   // the highest that was acknowledged
  std::uint64_t revoked_seq = 0;  // 0: not acknowledged
  bool revoke_attempted = false;
};

struct Counts {
  int cuts = 0;
  int failed_opens = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t lost_sessions = 0;
  std::uint64_t revived_generations = 0;
  std::uint64_t lost_revocations = 0;
  std::uint64_t half_done = 0;
  std::uint64_t lost() const { return lost_sessions + revived_generations + lost_revocations; }
};

class PowerCut {
 public:
  explicit PowerCut(SqliteSynchronous synchronous) : random_(kSeed), disk_(kSeed + 1), vfs_("power-cut", disk_) {
    options_.path = directory_.file("rescind.db");
    options_.synchronous = synchronous;
    options_.vfs = vfs_.name();
    options_.checkpoint_pages = 24;
    options_.max_wal_pages = 96;
  }

  Counts run_cuts(int cuts);

 private:
  std::unique_ptr<SqliteStore> reopen();
  void load_until_cut(SqliteStore& store);
  void verify(SqliteStore& store, std::uint64_t first_session);
  Task<void> client(SqliteStore& store, std::uint64_t seed);
  Task<bool> create(SqliteStore& store, std::uint64_t number);
  Task<bool> rotate(SqliteStore& store, std::uint64_t number);
  Task<bool> revoke(SqliteStore& store, std::uint64_t number);

  TemporaryDirectory directory_;
  std::mt19937_64 random_;
  PowerCutDisk disk_;
  ShimVfs vfs_;
  SqliteOptions options_;
  std::map<std::uint64_t, Known> sessions_;  // by number: those whose creation was acknowledged
  std::uint64_t next_number_ = 1;
  Counts counts_;
};

Task<bool> PowerCut::create(SqliteStore& store, std::uint64_t number) {
  Session session = make_session(number, "user" + std::to_string(number % 50));
  CreateSession change = make_creation(std::move(session));
  const auto outcome = co_await store.create_session(std::move(change));
  if (outcome) sessions_[number];
  co_return outcome.has_value();
}

Task<bool> PowerCut::rotate(SqliteStore& store, std::uint64_t number) {
  RotateRefresh change = make_rotation(number, sessions_[number].generation);
  const auto outcome = co_await store.rotate_refresh(std::move(change));
  if (!outcome) co_return false;
  const auto* rotated = std::get_if<SessionAndUser>(&*outcome);
  if (rotated != nullptr) sessions_[number].generation = rotated->session.generation;
  co_return true;
}

Task<bool> PowerCut::revoke(SqliteStore& store, std::uint64_t number) {
  sessions_[number].revoke_attempted = true;
  RevokeSession change = make_session_revocation(number);
  const auto outcome = co_await store.revoke_session(std::move(change));
  if (!outcome) co_return false;
  const auto* revocation = std::get_if<Revocation>(&*outcome);
  if (revocation != nullptr) sessions_[number].revoked_seq = revocation->seq;
  co_return true;
}

// Each client has sessions of its own and stops at the first failure, as the power is off then.
Task<void> PowerCut::client(SqliteStore& store, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uint64_t mine = 0;
  for (bool acknowledged = true; acknowledged; counts_.acknowledged += acknowledged ? 1 : 0) {
    const std::uint64_t what = random() % 8;
    if (mine == 0 || what == 0) {
      mine = next_number_++;
      acknowledged = co_await create(store, mine);
    } else if (what == 1) {
      acknowledged = co_await revoke(store, mine);
      mine = 0;
    } else {
      acknowledged = co_await rotate(store, mine);
    }
  }
}

void PowerCut::load_until_cut(SqliteStore& store) {
  boost::asio::io_context context;
  for (int i = 0; i < kClients; ++i) boost::asio::co_spawn(context, client(store, random_()), boost::asio::detached);
  context.run();
}

// The power may fail again during the recovery.
std::unique_ptr<SqliteStore> PowerCut::reopen() {
  for (;;) {
    if (random_() % 3 == 0) disk_.cut_at(1 + random_() % 12);
    auto opened = SqliteStore::open(options_);
    if (opened && !disk_.is_off()) {
      disk_.cut_at(0);
      return std::move(*opened);
    }
    ++counts_.failed_opens;
    if (opened) opened->reset();
    if (!disk_.is_off()) ADD_FAILURE() << opened.error().message;
    disk_.settle();
  }
}

void PowerCut::verify(SqliteStore& store, std::uint64_t first_session) {
  std::map<RevocationKey, std::uint64_t> seqs;
  const auto rows = run(store.list_revocations(0, 1'000'000)).value();
  for (const Revocation& row : rows) seqs[row.key] = row.seq;
  for (auto known = sessions_.lower_bound(first_session); known != sessions_.end();) {
    const auto found = *run(store.find_session(session_id(known->first)));
    if (!found) {
      ++counts_.lost_sessions;
      known = sessions_.erase(known);
      continue;
    }
    const Session& session = found->session;
    Known& told = known->second;
    const auto row = seqs.find(make_session_revocation(known->first).revocation.key);
    if (session.generation < told.generation) ++counts_.revived_generations;
    if (session.generation > told.generation + 1) ++counts_.half_done;  // at most one rotation was on its way
    if (session.ended.has_value() != (row != seqs.end())) ++counts_.half_done;
    if (session.ended && !told.revoke_attempted) ++counts_.half_done;
    if (told.revoked_seq != 0 && (row == seqs.end() || row->second != told.revoked_seq)) ++counts_.lost_revocations;
    told.generation = session.generation;
    told.revoked_seq = row == seqs.end() ? 0 : row->second;
    ++known;
  }
}

Counts PowerCut::run_cuts(int cuts) {
  auto store = reopen();
  while (counts_.cuts < cuts) {
    const std::uint64_t first_session = next_number_;
    disk_.cut_at(1 + random_() % 800);
    load_until_cut(*store);
    EXPECT_TRUE(disk_.is_off());
    store.reset();
    disk_.settle();
    ++counts_.cuts;
    store = reopen();
    verify(*store, first_session);
  }
  verify(*store, 0);
  return counts_;
}

void print(const char* level, const Counts& counts) {
  std::cout << level << ": seed " << kSeed << ", " << counts.cuts << " power cuts and " << counts.failed_opens
            << " during recovery, " << counts.acknowledged << " operations acknowledged; lost: " << counts.lost_sessions
            << " sessions, " << counts.lost_revocations
            << " revocations; rotated generations that came back: " << counts.revived_generations
            << "; half-done: " << counts.half_done << "\n";
}

TEST(PowerCutTest, LosesNothingThatWasAcknowledged) {
  const Counts counts = PowerCut(SqliteSynchronous::kFull).run_cuts(400);
  print("synchronous=FULL", counts);
  EXPECT_EQ(counts.lost_sessions, 0u);
  EXPECT_EQ(counts.revived_generations, 0u);
  EXPECT_EQ(counts.lost_revocations, 0u);
  EXPECT_EQ(counts.half_done, 0u);
  EXPECT_GT(counts.acknowledged, 1000u);
  EXPECT_GT(counts.failed_opens, 0);
}

TEST(PowerCutTest, ControlRunWithoutFlushAtCommitDoesLose) {
  const Counts counts = PowerCut(SqliteSynchronous::kNormal).run_cuts(60);
  print("synchronous=NORMAL", counts);
  EXPECT_GT(counts.lost(), 0u);
}

}  // namespace
}  // namespace rescind
