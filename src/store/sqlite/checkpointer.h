// Moves what the write-ahead log holds into the database file, on a thread of its own: the writer never waits for it.
#ifndef RESCIND_STORE_SQLITE_CHECKPOINTER_H_
#define RESCIND_STORE_SQLITE_CHECKPOINTER_H_

#include <cstddef>
#include <thread>

#include "base/mutex.h"
#include "store/sqlite/connection.h"

namespace rescind::sqlite {

// Thread-safety: any thread may call any member but close().
class Checkpointer {
 public:
  // Throws SqliteError.
  Checkpointer(const ConnectionOptions& options, std::size_t every_pages);
  ~Checkpointer() { close(); }

  // Told by the writer after each commit.
  void note_wal_pages(std::size_t pages);

  // Ends the thread. Idempotent.
  void close();

 private:
  void run();

  Connection connection_;  // of the thread
  const std::size_t every_pages_;
  Mutex mutex_;
  CondVar changed_;
  bool closed_ GUARDED_BY(mutex_) = false;
  std::size_t wal_pages_ GUARDED_BY(mutex_) = 0;
  std::size_t written_pages_ GUARDED_BY(mutex_) = 0;  // of them, in the database file already
  std::thread thread_;
};

}  // namespace rescind::sqlite

#endif  // RESCIND_STORE_SQLITE_CHECKPOINTER_H_
