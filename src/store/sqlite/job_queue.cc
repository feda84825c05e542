#include "store/sqlite/job_queue.h"

#include <iterator>

namespace rescind::sqlite {

void JobQueue::push(std::unique_ptr<Job> job, Admission admission) {
  bool closed = false;
  bool is_first = false;
  {
    MutexLock lock(mutex_);
    closed = closed_;
    if (!closed && (admission == Admission::kAlways || queued_.size() < max_jobs_)) {
      is_first = queued_.empty();
      queued_.emplace_back().swap(job);
    }
  }
  if (is_first) changed_.notify_one();  // outside of the lock, on which who is woken would wait at once
  if (!job) return;
  job->fail(closed ? unavailable("the store is closed")
                   : Error{ErrorCode::kOverloaded, "too many operations wait for the store", std::chrono::seconds(1)});
}

JobQueue::Batch JobQueue::take(std::size_t limit) {
  MutexLock lock(mutex_);
  while (queued_.empty() && !closed_) changed_.wait(mutex_);
  if (queued_.size() <= limit) return std::exchange(queued_, {});
  const auto end = queued_.begin() + static_cast<std::ptrdiff_t>(limit);
  Batch taken(std::make_move_iterator(queued_.begin()), std::make_move_iterator(end));
  queued_.erase(queued_.begin(), end);
  return taken;
}

void JobQueue::close() {
  MutexLock lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

}  // namespace rescind::sqlite
