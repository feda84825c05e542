#include "store/sqlite/checkpointer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

#include "tests/testing/temporary_directory.h"

namespace rescind::sqlite {
namespace {

constexpr std::size_t kNever = 1'000'000;

class CheckpointerTest : public ::testing::Test {
 protected:
  // A log of some 200 pages.
  CheckpointerTest() {
    std::ofstream(options_.path).flush();
    writer_.emplace(options_);
    writer_->execute("CREATE TABLE t (value TEXT) STRICT");
    const std::string value(4000, 'v');
    for (int i = 0; i < 100; ++i) writer_->run("INSERT INTO t VALUES (?1)", std::string_view(value));
    EXPECT_GT(writer_->wal_pages(), 2 * Checkpointer::kFewPages);
  }

  std::uintmax_t database_pages() const { return std::filesystem::file_size(options_.path) / 4096; }

  TemporaryDirectory directory_;
  ConnectionOptions options_{directory_.file("t.db"), {}, Synchronous::kFull, Access::kReadWrite};
  std::optional<Connection> writer_;
};

TEST_F(CheckpointerTest, ALogThatIsToBeginAnewIsMovedBeforeTheNextCheckpointWouldBeDue) {
  Checkpointer checkpointer(options_, kNever, 2 * Checkpointer::kFewPages);
  EXPECT_TRUE(checkpointer.has_moved_nearly_all());
  checkpointer.note_wal_pages(writer_->wal_pages());
  for (int i = 0; i < 1000 && !checkpointer.has_moved_nearly_all(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(checkpointer.has_moved_nearly_all());
  EXPECT_GE(database_pages(), 100u);
}

TEST_F(CheckpointerTest, AShorterLogIsNot) {
  Checkpointer checkpointer(options_, kNever, kNever);
  checkpointer.note_wal_pages(writer_->wal_pages());
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(checkpointer.has_moved_nearly_all());
  EXPECT_LT(database_pages(), 100u);
}

TEST_F(CheckpointerTest, ALogThatHasBegunAnewHasNothingLeftToMove) {
  Checkpointer checkpointer(options_, kNever, kNever);
  checkpointer.note_wal_pages(writer_->wal_pages());
  ASSERT_TRUE(writer_->checkpoint(Connection::Checkpoint::kRestart).done);
  writer_->run("DELETE FROM t WHERE rowid = 1");
  EXPECT_LT(writer_->wal_pages(), Checkpointer::kFewPages);
  checkpointer.note_wal_pages(writer_->wal_pages());
  EXPECT_TRUE(checkpointer.has_moved_nearly_all());
}

}  // namespace
}  // namespace rescind::sqlite
