// What the SQLite store does with files, locks, queues and versions.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>

#include "store/sqlite/sqlite_store.h"
#include "tests/testing/run_task.h"
#include "tests/testing/store_values.h"
#include "tests/testing/temporary_directory.h"

namespace rescind {
namespace {

class SqliteFiles : public ::testing::Test {
 protected:
  SqliteFiles() { options_.path = directory_.file("rescind.db"); }

  std::unique_ptr<SqliteStore> open() {
    auto opened = SqliteStore::open(options_);
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }
  std::string refusal() {
    auto opened = SqliteStore::open(options_);
    EXPECT_FALSE(opened.has_value());
    if (opened) return "";
    EXPECT_EQ(opened.error().code, ErrorCode::kStoreUnavailable);
    return opened.error().message;
  }
  void execute(const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(options_.path.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
  }
  static void write_events(Store& store) {
    for (int round = 0; round < 60; ++round) {
      std::vector<Task<Result<void>>> tasks;
      for (int i = 0; i < 100; ++i) tasks.push_back(store.append_event(make_event(EventType::kLoginFailed)));
      run_all(std::move(tasks), 1);
    }
  }
  static mode_t mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777;
  }

  TemporaryDirectory directory_;
  SqliteOptions options_;
};

TEST_F(SqliteFiles, AreReadableByTheOwnerOnly) {
  const auto store = open();
  ASSERT_TRUE(run(store->append_event(make_event(EventType::kLoginFailed))).has_value());
  for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) EXPECT_EQ(mode_of(options_.path + suffix), 0600u) << suffix;
}

TEST_F(SqliteFiles, LoseWhatOthersMayDo) {
  { std::ofstream(options_.path).flush(); }
  ASSERT_EQ(::chmod(options_.path.c_str(), 0644), 0);
  const auto store = open();
  EXPECT_EQ(mode_of(options_.path), 0600u);
}

TEST_F(SqliteFiles, AreUsedByOneStoreAtATime) {
  auto store = open();
  EXPECT_EQ(refusal(), "another rescind is using " + options_.path);
  EXPECT_TRUE(run(store->append_event(make_event(EventType::kLoginFailed))).has_value());
  store.reset();
  EXPECT_NE(open(), nullptr);
}

TEST_F(SqliteFiles, InAMissingDirectoryAreRefused) {
  options_.path = directory_.file("missing/rescind.db");
  EXPECT_NE(refusal().find("No such file or directory"), std::string::npos);
}

TEST_F(SqliteFiles, OfANewerProgramAreRefused) {
  open();
  execute("PRAGMA user_version = 1000");
  EXPECT_NE(refusal().find("newer than this program"), std::string::npos);
}

TEST_F(SqliteFiles, OfAnotherProgramAreRefusedAndLeftAlone) {
  execute("CREATE TABLE theirs (x)");
  EXPECT_NE(refusal().find("another program"), std::string::npos);
  execute("INSERT INTO theirs VALUES (1)");
}

TEST_F(SqliteFiles, ThatAreNoDatabaseAreRefused) {
  std::ofstream(options_.path) << std::string(8192, 'x');
  EXPECT_NE(refusal().find("not a database"), std::string::npos);
}

TEST_F(SqliteFiles, AnUnknownVfsIsRefused) {
  options_.vfs = "no-such-vfs";
  refusal();
}

TEST_F(SqliteFiles, ADamagedRowFailsItsOwnOperationOnly) {
  auto store = open();
  ASSERT_TRUE(run(store->create_session(make_creation(make_session(1, "a"), MissingUser::kCreate))));
  ASSERT_TRUE(run(store->create_session(make_creation(make_session(2, "b"), MissingUser::kCreate))));
  store.reset();
  execute("UPDATE users SET roles = '99:x,' WHERE id = 'a'; UPDATE sessions SET amr = ':' WHERE user_id = 'a'");
  store = open();
  const auto damaged = run(store->find_session(session_id(1)));
  ASSERT_FALSE(damaged.has_value());
  EXPECT_EQ(damaged.error().code, ErrorCode::kStoreUnavailable);
  std::vector<Task<Result<RotateRefreshOutcome>>> tasks;
  tasks.push_back(store->rotate_refresh(make_rotation(2, 1)));
  tasks.push_back(store->rotate_refresh(make_rotation(1, 1)));
  tasks.push_back(store->rotate_refresh(make_rotation(2, 2)));
  const auto outcomes = run_all(std::move(tasks), 1);
  EXPECT_TRUE(outcomes[0].has_value());
  EXPECT_FALSE(outcomes[1].has_value());
  EXPECT_TRUE(outcomes[2].has_value());
  store.reset();
  execute("UPDATE users SET roles = '' WHERE id = 'a'; UPDATE sessions SET amr = '' WHERE user_id = 'a'");
  store = open();
  EXPECT_EQ(run(store->find_session(session_id(1))).value()->session.generation, 1u);
}

TEST_F(SqliteFiles, AFullQueueRefusesWithOverloaded) {
  options_.max_queued_writes = 4;
  auto store = open();
  std::vector<Task<Result<void>>> tasks;
  for (int i = 0; i < 2000; ++i) tasks.push_back(store->append_event(make_event(EventType::kLoginFailed)));
  std::size_t done = 0;
  std::size_t refused = 0;
  for (const auto& result : run_all(std::move(tasks), 1)) {
    if (result) {
      ++done;
    } else {
      EXPECT_EQ(result.error().code, ErrorCode::kOverloaded);
      EXPECT_TRUE(result.error().retry_after);
      ++refused;
    }
  }
  EXPECT_GT(refused, 0u);
  EXPECT_EQ(run(store->list_events({.limit = 10'000})).value().size(), done);
}

TEST_F(SqliteFiles, ClosingDoesWhatIsQueuedAndRefusesTheRest) {
  auto store = open();
  boost::asio::io_context context;
  std::vector<std::optional<Result<void>>> results(500);
  for (auto& result : results) {
    boost::asio::co_spawn(context, keep_value(store->append_event(make_event(EventType::kLoginFailed)), result),
                          boost::asio::detached);
  }
  context.poll();  // all are queued now
  store->close();
  context.run();
  for (const auto& result : results) EXPECT_TRUE(result.value().has_value());
  const auto late = run(store->append_event(make_event(EventType::kLoginFailed)));
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::kStoreUnavailable);
  EXPECT_FALSE(run(store->list_events({})).has_value());
  store.reset();
  EXPECT_EQ(run(open()->list_events({.limit = 1000})).value().size(), 500u);
}

Task<bool> resumes_on_its_own_thread(Store& store, std::thread::id self) {
  EventDraft event = make_event(EventType::kLoginFailed);
  auto result = co_await store.append_event(std::move(event));
  EventFilter filter;
  auto events = co_await store.list_events(std::move(filter));
  co_return result.has_value() && events.has_value() && std::this_thread::get_id() == self;
}

TEST_F(SqliteFiles, TheCallerResumesOnItsOwnExecutor) {
  const auto store = open();
  EXPECT_TRUE(run(resumes_on_its_own_thread(*store, std::this_thread::get_id())));
}

TEST_F(SqliteFiles, TheLogIsMovedIntoTheDatabase) {
  options_.checkpoint_pages = 16;
  const auto store = open();
  write_events(*store);
  const auto is_moved = [&] { return std::filesystem::file_size(options_.path) > 64u * 4096u; };
  for (int i = 0; i < 1000 && !is_moved(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(is_moved());
}

TEST_F(SqliteFiles, ALogThatNoCheckpointCatchesUpWithBeginsAnew) {
  options_.checkpoint_pages = 1'000'000;
  options_.max_wal_pages = 64;
  const auto store = open();
  write_events(*store);
  EXPECT_LT(std::filesystem::file_size(options_.path + "-wal"), 256u * 4096u);
}

}  // namespace
}  // namespace rescind
