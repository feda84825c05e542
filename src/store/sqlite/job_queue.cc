#include "store/sqlite/job_queue.h"

#include <iterator>

namespace rescind::sqlite {

void JobQueue::push(std::unique_ptr<Job> job, Admission admission) {
  Error refusal;
  {
    MutexLock lock(mutex_);
    if (!closed_ && (admission == Admission::kAlways || queued_.size() < max_jobs_)) {
      queued_.push_back(std::move(job));
      if (queued_.size() == 1) changed_.notify_one();
      return;
    }
    refusal = closed_ ? unavailable("the store is closed")
                      : Error{ErrorCode::kOverloaded, "too many operations wait for the store", std::chrono::seconds(1)};
  }
  job->fail(std::move(refusal));
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
