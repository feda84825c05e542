#include "store/sqlite/writer.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <future>

#include "base/run_to_end.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/operations.h"
#include "tests/testing/run_task.h"
#include "tests/testing/temporary_directory.h"

namespace rescind::sqlite {
namespace {

using std::chrono_literals::operator""s;

// One batch: the first job holds the writer until all are queued.
class WriterBatch : public ::testing::Test {
 protected:
  static constexpr WallTime kNoted{std::chrono::seconds(1000)};

  WriterBatch() {
    std::ofstream(options_.path).flush();
    Connection connection(options_);
    EXPECT_TRUE(migrate(connection).has_value());
    connection.execute("CREATE TABLE t (name TEXT PRIMARY KEY) STRICT");
  }

  std::vector<Result<void>> run_with_others(const Work<void>& odd) {
    Checkpointer checkpointer(options_, 1000, 1000);
    Writer writer(options_, {100, 100, 1000}, checkpointer);
    std::promise<void> queued;
    const std::shared_future<void> all_queued = queued.get_future().share();
    std::vector<Task<Result<void>>> tasks;
    auto submit = [&](Work<void> work) {
      tasks.push_back(writer.queue().submit<void>(std::move(work), Admission::kWhereThereIsRoom));
    };
    submit([all_queued](Connection&) {
      all_queued.wait();
      return Result<void>();
    });
    submit(insertion("before"));
    submit(odd);
    submit(insertion("after", kNoted + 1s));
    tasks.push_back(release(queued));
    return run_all(std::move(tasks), 1);
  }

  static Work<void> insertion(std::string name, WallTime moment = kNoted) {
    return [name = std::move(name), moment](Connection& connection) {
      note_time(connection, moment);
      insert(connection, name);
      return Result<void>();
    };
  }
  static void insert(Connection& connection, std::string_view name) { connection.run("INSERT INTO t VALUES (?1)", name); }
  static Task<Result<void>> release(std::promise<void>& queued) {
    queued.set_value();
    co_return Result<void>();
  }

  std::vector<std::string> stored() {
    Connection connection(options_);
    std::vector<std::string> names;
    Query query = connection.query("SELECT name FROM t ORDER BY rowid");
    while (query.step()) names.push_back(query.text_at(0));
    return names;
  }
  WallTime noted_time() {
    Connection connection(options_);
    return load_state(connection).latest;
  }

  TemporaryDirectory directory_;
  ConnectionOptions options_{directory_.file("t.db"), {}, Synchronous::kFull, Access::kReadWrite};
};

using Names = std::vector<std::string>;

TEST_F(WriterBatch, StoresEachJobOnce) {
  for (const auto& result : run_with_others(insertion("odd"))) EXPECT_TRUE(result.has_value());
  EXPECT_EQ(stored(), (Names{"before", "odd", "after"}));
}

TEST_F(WriterBatch, NothingStaysOfAJobWhoseOutcomeIsAnErrorAndTheOthersStayOnce) {
  const auto results = run_with_others([](Connection& connection) -> Result<void> {
    insert(connection, "odd");
    return fail(ErrorCode::kInternal, "no");
  });
  EXPECT_EQ(stored(), (Names{"before", "after"}));
  EXPECT_TRUE(results[1].has_value());
  EXPECT_TRUE(results[3].has_value());
  ASSERT_FALSE(results[2].has_value());
  EXPECT_EQ(results[2].error().message, "no");
}

TEST_F(WriterBatch, NothingStaysOfAJobThatViolatesAConstraintAndTheOthersStayOnce) {
  const auto results = run_with_others([](Connection& connection) {
    insert(connection, "odd");
    insert(connection, "before");
    return Result<void>();
  });
  EXPECT_EQ(stored(), (Names{"before", "after"}));
  EXPECT_TRUE(results[1].has_value());
  EXPECT_TRUE(results[3].has_value());
  ASSERT_FALSE(results[2].has_value());
  EXPECT_EQ(results[2].error().code, ErrorCode::kInternal);
}

TEST_F(WriterBatch, NothingStaysOfAnyJobWhereTheDiskFails) {
  const auto results = run_with_others([](Connection& connection) -> Result<void> {
    insert(connection, "odd");
    throw SqliteError(SQLITE_IOERR_WRITE);
  });
  EXPECT_EQ(stored(), Names());
  for (std::size_t i = 1; i < 4; ++i) {
    ASSERT_FALSE(results[i].has_value()) << i;
    EXPECT_EQ(results[i].error().code, ErrorCode::kStoreUnavailable) << i;
  }
}

TEST_F(WriterBatch, NotesTheLatestMoment) {
  run_with_others([](Connection& connection) {
    note_time(connection, kNoted + 2s);
    return Result<void>();
  });
  EXPECT_EQ(noted_time(), kNoted + 2s);
}

TEST_F(WriterBatch, AMomentThatWasTakenBackWithItsJobIsNotNotedAndDoesNotHideOthers) {
  run_with_others([](Connection& connection) -> Result<void> {
    note_time(connection, kNoted + 2s);
    return fail(ErrorCode::kInternal, "no");
  });
  EXPECT_EQ(noted_time(), kNoted + 1s);
}

TEST_F(WriterBatch, AMomentThatWasTakenBackWithItsBatchDoesNotHideThatOfTheNext) {
  Checkpointer checkpointer(options_, 1000, 1000);
  Writer writer(options_, {100, 100, 1000}, checkpointer);
  auto fails = [](Connection& connection) -> Result<void> {
    note_time(connection, kNoted);
    throw SqliteError(SQLITE_IOERR_WRITE);
  };
  EXPECT_FALSE(run_to_end(writer.queue().submit<void>(fails, Admission::kWhereThereIsRoom)).has_value());
  EXPECT_TRUE(run_to_end(writer.queue().submit<void>(insertion("next"), Admission::kWhereThereIsRoom)).has_value());
  EXPECT_EQ(noted_time(), kNoted);
}

}  // namespace
}  // namespace rescind::sqlite
