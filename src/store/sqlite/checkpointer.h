// Moves what the write-ahead log holds into the database file, on a thread of its own: the writer never waits for it.
#ifndef RESCIND_STORE_SQLITE_CHECKPOINTER_H_
#define RESCIND_STORE_SQLITE_CHECKPOINTER_H_

#include <cstddef>
#include <thread>

#include "base/file_descriptor.h"
#include "base/mutex.h"
#include "store/sqlite/connection.h"

namespace rescind::sqlite {

// Thread-safety: any thread may call any member but close().
class Checkpointer {
 public:
  static constexpr std::size_t kFewPages = 64;

  // Throws SqliteError.
  // A log of `restart_pages` or more is to begin anew, and is moved until no more than kFewPages are left of it.
  Checkpointer(const ConnectionOptions& options, std::size_t every_pages, std::size_t restart_pages);
  ~Checkpointer() { close(); }

  // Told by the writer after each commit.
  void note_wal_pages(std::size_t pages);

  // Whether no more than kFewPages are left to move, and none is being moved: the rest takes no longer than a few commits.
  bool has_moved_nearly_all();

  // Ends the thread. Idempotent.
  void close();

 private:
  void run();
  bool is_due() const REQUIRES(mutex_);

  // Before the connection, and so closed after it: to close any descriptor of the database drops SQLite's locks on it.
  const FileDescriptor database_file_;
  Connection connection_;  // of the thread
  const std::size_t every_pages_;
  const std::size_t restart_pages_;
  Mutex mutex_;
  CondVar changed_;
  bool closed_ GUARDED_BY(mutex_) = false;
  bool is_moving_ GUARDED_BY(mutex_) = false;
  std::size_t wal_pages_ GUARDED_BY(mutex_) = 0;
  std::size_t written_pages_ GUARDED_BY(mutex_) = 0;  // of them, in the database file already
  std::thread thread_;
};

}  // namespace rescind::sqlite

#endif  // RESCIND_STORE_SQLITE_CHECKPOINTER_H_
