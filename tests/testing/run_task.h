// Runs tasks to their end, from plain test code.
#ifndef RESCIND_TESTS_TESTING_RUN_TASK_H_
#define RESCIND_TESTS_TESTING_RUN_TASK_H_

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/async.h"

namespace rescind {

template <class T>
Task<void> keep_value(Task<T> task, std::optional<T>& value) {
  value.emplace(co_await std::move(task));
}

// All at once, on `threads` threads of one io_context; the values in the order of the tasks.
template <class T>
std::vector<T> run_all(std::vector<Task<T>> tasks, int threads) {
  boost::asio::io_context context;
  std::vector<std::optional<T>> values(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    boost::asio::co_spawn(context, keep_value(std::move(tasks[i]), values[i]), boost::asio::detached);
  }
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < threads; ++i) others.emplace_back([&context] { context.run(); });
    context.run();
  }
  std::vector<T> unwrapped;
  for (auto& value : values) unwrapped.push_back(std::move(value.value()));
  return unwrapped;
}

template <class T>
T run(Task<T> task) {
  std::vector<Task<T>> tasks;
  tasks.push_back(std::move(task));
  return std::move(run_all(std::move(tasks), 1).front());
}

}  // namespace rescind

#endif  // RESCIND_TESTS_TESTING_RUN_TASK_H_
