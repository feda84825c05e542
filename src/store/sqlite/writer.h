// The one thread that writes: group commit.
//
// It takes what is queued, runs it in one transaction, commits once (one flush to disk for all) and only then lets anyone
// know. Where a job fails the transaction is taken back and run once more, each job in a savepoint of its own, so that
// the one that fails is taken back alone. Where the commit fails, or the disk does in between, nothing of the batch stays
// and every job of it is told kStoreUnavailable.
#ifndef RESCIND_STORE_SQLITE_WRITER_H_
#define RESCIND_STORE_SQLITE_WRITER_H_

#include <thread>

#include "store/sqlite/checkpointer.h"
#include "store/sqlite/job_queue.h"

namespace rescind::sqlite {

struct WriterLimits {
  std::size_t max_jobs = 0;       // that wait
  std::size_t max_batch = 0;      // in one transaction
  std::size_t max_wal_pages = 0;  // a longer log begins anew; at the latest one of twice as many
};

// Thread-safety: any thread may call queue(); one thread close().
class Writer {
 public:
  // Throws SqliteError.
  Writer(const ConnectionOptions& options, const WriterLimits& limits, Checkpointer& checkpointer);
  ~Writer() { close(); }

  JobQueue& queue() { return queue_; }

  // Does what is queued, then ends the thread. Idempotent.
  void close();

 private:
  void run();
  void run_batch(JobQueue::Batch batch);
  void run_jobs(const JobQueue::Batch& batch);
  void begin();
  bool run_together(const JobQueue::Batch& batch);
  void run_alone(Job& job);
  void bound_wal();

  Connection connection_;  // of the thread
  const WriterLimits limits_;
  std::size_t next_restart_pages_;
  Checkpointer& checkpointer_;
  JobQueue queue_;
  std::thread thread_;
};

}  // namespace rescind::sqlite

#endif  // RESCIND_STORE_SQLITE_WRITER_H_
