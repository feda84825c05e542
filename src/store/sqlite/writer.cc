#include "store/sqlite/writer.h"

#include <algorithm>
#include <string>

namespace rescind::sqlite {

Writer::Writer(const ConnectionOptions& options, const WriterLimits& limits, Checkpointer& checkpointer)
    : connection_(options),
      limits_(limits),
      next_restart_pages_(limits.max_wal_pages),
      checkpointer_(checkpointer),
      queue_(limits.max_jobs),
      thread_([this] { run(); }) {}

void Writer::close() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void Writer::run() {
  for (JobQueue::Batch batch = queue_.take(limits_.max_batch); !batch.empty(); batch = queue_.take(limits_.max_batch)) {
    run_batch(std::move(batch));
    checkpointer_.note_wal_pages(connection_.wal_pages());
    bound_wal();
  }
}

void Writer::run_batch(JobQueue::Batch batch) {
  try {
    run_jobs(batch);
  } catch (const SqliteError& error) {
    // An error that is a job's own fault does not get here, so whoever waits may try again.
    connection_.roll_back();
    for (const auto& job : batch) job->fail(unavailable(to_error(error).message));
    return;
  } catch (const std::exception&) {
    connection_.roll_back();
    for (const auto& job : batch) job->fail(unavailable("the store has run out of memory"));
    return;
  }
  for (const auto& job : batch) job->complete();
}

// Hardly ever does a job fail, and a savepoint costs as much as a job: so first without, and where one fails all once more.
void Writer::run_jobs(const JobQueue::Batch& batch) {
  begin();
  if (!run_together(batch)) {
    begin();
    for (const auto& job : batch) run_alone(*job);
  }
  connection_.run("COMMIT");
}

// A transaction that is open, by a failure of this batch or an earlier one, would be committed with this one.
void Writer::begin() {
  if (!connection_.roll_back()) throw_transaction_open();
  connection_.run("BEGIN IMMEDIATE");
}

// False where a job has failed: what was written is to be taken back.
bool Writer::run_together(const JobQueue::Batch& batch) {
  try {
    return std::all_of(batch.begin(), batch.end(), [this](const auto& job) { return job->run(connection_); });
  } catch (const SqliteError& error) {
    if (!concerns_one_job(error)) throw;
    return false;
  }
}

void Writer::run_alone(Job& job) {
  connection_.begin_part();
  try {
    if (job.run(connection_)) {
      connection_.end_part();
      return;
    }
  } catch (const SqliteError& error) {
    // After a failed read or write SQLite may have rolled back everything, and what it has in memory is not to be trusted.
    if (!connection_.in_transaction() || !concerns_one_job(error)) throw;
    job.refuse(to_error(error));
  }
  connection_.roll_back_part();
}

// The log starts again by itself once a checkpoint has caught up with it. Under a load without a pause none ever does: then
// the writer helps, at a moment when little is left to move, and in the end at any.
void Writer::bound_wal() {
  const std::size_t pages = connection_.wal_pages();
  if (pages < limits_.max_wal_pages) next_restart_pages_ = limits_.max_wal_pages;
  if (pages < next_restart_pages_) return;
  if (pages < 2 * limits_.max_wal_pages && !checkpointer_.has_moved_nearly_all()) return;
  const bool restarts = connection_.checkpoint(Connection::Checkpoint::kRestart).done;
  next_restart_pages_ = restarts ? limits_.max_wal_pages : pages + limits_.max_wal_pages / 8;
}

}  // namespace rescind::sqlite
