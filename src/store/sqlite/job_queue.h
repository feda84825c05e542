// The bounded queue in front of the writer's or the reader's thread.
#ifndef RESCIND_STORE_SQLITE_JOB_QUEUE_H_
#define RESCIND_STORE_SQLITE_JOB_QUEUE_H_

#include <boost/asio/async_result.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "store/sqlite/job.h"

namespace rescind::sqlite {

// kAlways is for the few jobs that a verifier's lease hangs on: a full queue takes them too.
enum class Admission : std::uint8_t { kWhereThereIsRoom, kAlways };

// Thread-safety: any thread may call submit() and close(); take() belongs to the one thread that does the work.
class JobQueue {
 public:
  using Batch = std::vector<std::unique_ptr<Job>>;

  explicit JobQueue(std::size_t max_jobs) : max_jobs_(max_jobs) {}

  // Waits, without a thread, until the work is done. kOverloaded where the queue is full, kStoreUnavailable once closed.
  template <class T>
  Task<Result<T>> submit(Work<T> work, Admission admission) {
    std::optional<Result<T>> outcome;
    auto initiation = [this, admission, &work, &outcome](auto handler) {
      using Waiting = WaitingJob<T, decltype(handler)>;
      push(std::make_unique<Waiting>(std::move(work), outcome, std::move(handler)), admission);
    };
    auto waiting =
        boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(initiation, boost::asio::use_awaitable);
    co_await std::move(waiting);
    co_return std::move(*outcome);
  }

  // The oldest that are queued, at most `limit`, after waiting for something; empty once closed and drained.
  Batch take(std::size_t limit);

  // What is queued is still done; nothing more comes in.
  void close();

 private:
  void push(std::unique_ptr<Job> job, Admission admission);

  const std::size_t max_jobs_;
  Mutex mutex_;
  CondVar changed_;
  Batch queued_ GUARDED_BY(mutex_);
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace rescind::sqlite

#endif  // RESCIND_STORE_SQLITE_JOB_QUEUE_H_
