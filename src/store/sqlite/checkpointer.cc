#include "store/sqlite/checkpointer.h"

namespace rescind::sqlite {

Checkpointer::Checkpointer(const ConnectionOptions& options, std::size_t every_pages)
    : connection_(options), every_pages_(every_pages), thread_([this] { run(); }) {}

void Checkpointer::note_wal_pages(std::size_t pages) {
  MutexLock lock(mutex_);
  if (pages < wal_pages_) written_pages_ = 0;  // the log has begun anew
  wal_pages_ = pages;
  if (wal_pages_ >= written_pages_ + every_pages_) changed_.notify_one();
}

void Checkpointer::close() {
  {
    MutexLock lock(mutex_);
    closed_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::run() {
  for (;;) {
    {
      MutexLock lock(mutex_);
      while (!closed_ && wal_pages_ < written_pages_ + every_pages_) changed_.wait(mutex_);
      if (closed_) return;
    }
    const Connection::Checkpointed result = connection_.checkpoint(Connection::Checkpoint::kPassive);
    MutexLock lock(mutex_);
    // Where it failed, or a reader held it back, the next try is due when the log has grown once more as much.
    written_pages_ = result.done ? result.wal_pages : wal_pages_;
  }
}

}  // namespace rescind::sqlite
