#include "store/sqlite/checkpointer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace rescind::sqlite {

Checkpointer::Checkpointer(const ConnectionOptions& options, std::size_t every_pages, std::size_t restart_pages)
    : database_file_(::open(options.path.c_str(), O_RDONLY | O_CLOEXEC)),
      connection_(options),
      every_pages_(every_pages),
      restart_pages_(restart_pages),
      thread_([this] { run(); }) {}

void Checkpointer::note_wal_pages(std::size_t pages) {
  MutexLock lock(mutex_);
  if (pages < wal_pages_) written_pages_ = 0;  // the log has begun anew
  wal_pages_ = pages;
  if (is_due()) changed_.notify_one();
}

bool Checkpointer::has_moved_nearly_all() {
  MutexLock lock(mutex_);
  return !is_moving_ && wal_pages_ <= written_pages_ + kFewPages;
}

bool Checkpointer::is_due() const {
  const std::size_t step = wal_pages_ < restart_pages_ ? every_pages_ : std::min(every_pages_, kFewPages + 1);
  return wal_pages_ >= written_pages_ + step;
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
      while (!closed_ && !is_due()) changed_.wait(mutex_);
      if (closed_) return;
      is_moving_ = true;
    }
    const Connection::Checkpointed result = connection_.checkpoint(Connection::Checkpoint::kPassive);
    // Where the log has grown meanwhile SQLite flushes nothing, and leaves all of it to the restart of the log, which the
    // writer waits for. Nothing relies on this one: SQLite flushes the database itself, and sees its errors, before it gives up
    // the log.
    ::fdatasync(database_file_.get());
    MutexLock lock(mutex_);
    is_moving_ = false;
    // Where it failed, or a reader held it back, the next try is due when the log has grown once more as much.
    written_pages_ = result.done ? result.wal_pages : wal_pages_;
  }
}

}  // namespace rescind::sqlite
