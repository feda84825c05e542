// A task run to its end by a thread that may wait: at start, before anything is answered, and on threads of their own.
#ifndef RESCIND_BASE_RUN_TO_END_H_
#define RESCIND_BASE_RUN_TO_END_H_

#include <boost/asio/io_context.hpp>
#include <optional>
#include <utility>

#include "base/async.h"
#include "base/error.h"

namespace rescind {

// The task, in the calling thread, which waits for its end. Never on an event loop.
template <class T>
Result<T> run_to_end(Task<Result<T>> task) {
  boost::asio::io_context context;
  std::optional<Result<T>> result;
  const auto keep_result = [](Task<Result<T>> awaited, std::optional<Result<T>>& into) -> Task<void> {
    into.emplace(co_await std::move(awaited));
  };
  boost::asio::co_spawn(context, keep_result(std::move(task), result), boost::asio::detached);
  context.run();
  return std::move(*result);
}

}  // namespace rescind

#endif  // RESCIND_BASE_RUN_TO_END_H_
