// The one thread that reads, so that no thread of the wire ever waits for a disk.
#ifndef RESCIND_STORE_SQLITE_READER_H_
#define RESCIND_STORE_SQLITE_READER_H_

#include <thread>

#include "store/sqlite/job_queue.h"

namespace rescind::sqlite {

// Thread-safety: any thread may call queue(); one thread close().
class Reader {
 public:
  // Throws SqliteError.
  Reader(const ConnectionOptions& options, std::size_t max_jobs);
  ~Reader() { close(); }

  JobQueue& queue() { return queue_; }

  // Does what is queued, then ends the thread. Idempotent.
  void close();

 private:
  void run();

  Connection connection_;  // of the thread
  JobQueue queue_;
  std::thread thread_;
};

}  // namespace rescind::sqlite

#endif  // RESCIND_STORE_SQLITE_READER_H_
