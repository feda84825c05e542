// A unit of work for the writer or the reader, and who waits for it.
#ifndef RESCIND_STORE_SQLITE_JOB_H_
#define RESCIND_STORE_SQLITE_JOB_H_

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <optional>
#include <utility>

#include "base/async.h"
#include "base/error.h"
#include "store/sqlite/connection.h"

namespace rescind::sqlite {

template <class T>
using Work = std::function<Result<T>(Connection&)>;

class Job {
 public:
  virtual ~Job() = default;

  // Does the work and keeps its outcome. False where the outcome is an error, and whatever was written is to be taken
  // back. Throws SqliteError. May be called again once what was written has been taken back: the last outcome counts.
  virtual bool run(Connection& connection) = 0;

  // In place of an outcome, where run() has thrown and only this job is concerned.
  virtual void refuse(Error error) = 0;

  // One of the two, once: hand the kept outcome, or `error`, to who waits, on their executor.
  virtual void complete() = 0;
  virtual void fail(Error error) = 0;
};

// `handler` resumes the coroutine that waits, which owns `outcome`. Keeps that coroutine's io_context running until then.
template <class T, class Handler>
class WaitingJob final : public Job {
 public:
  WaitingJob(Work<T> work, std::optional<Result<T>>& outcome, Handler handler)
      : work_(std::move(work)),
        outcome_(outcome),
        handler_(std::move(handler)),
        guard_(boost::asio::any_io_executor(boost::asio::get_associated_executor(handler_))) {}

  bool run(Connection& connection) override {
    outcome_.emplace(work_(connection));
    return outcome_->has_value();
  }
  void refuse(Error error) override { outcome_.emplace(Unexpected(std::move(error))); }
  void complete() override {
    // Not the handler itself: from the executor to which it is posted it would be sent to its own, which is the same.
    auto resume = [handler = std::move(handler_)]() mutable { handler(); };
    boost::asio::post(guard_.get_executor(), std::move(resume));
    guard_.reset();
  }
  void fail(Error error) override {
    refuse(std::move(error));
    complete();
  }

 private:
  Work<T> work_;
  std::optional<Result<T>>& outcome_;
  Handler handler_;
  boost::asio::executor_work_guard<boost::asio::any_io_executor> guard_;
};

}  // namespace rescind::sqlite

#endif  // RESCIND_STORE_SQLITE_JOB_H_
