// Task<T>: a lazy coroutine that runs on its caller's executor (an io_context of the wire, or the simulation's).
//
// Habit for everything that awaits: name the arguments first, then `co_await f(name)`. g++ 12 destroys some temporaries
// of a co_await expression twice.
#ifndef RESCIND_BASE_ASYNC_H_
#define RESCIND_BASE_ASYNC_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <type_traits>
#include <utility>

namespace rescind {

template <class T>
using Task = boost::asio::awaitable<T>;

// Runs `work`, a function object that gives a value, on `pool` and resumes the caller on its own executor with the result.
// The pool must be joined before the caller's context goes, for that is where it resumes.
template <class F>
Task<std::invoke_result_t<F>> run_on(boost::asio::any_io_executor pool, F work) {
  using Value = std::invoke_result_t<F>;
  // co_spawn() wants a value that can be made from nothing; a Result cannot.
  auto job = [held = std::move(work)]() mutable -> Task<std::optional<Value>> { co_return held(); };
  std::optional<Value> value = co_await boost::asio::co_spawn(pool, std::move(job), boost::asio::use_awaitable);
  co_return std::move(*value);
}

// Lets `work` go on by itself on the caller's executor, so that how long it takes shows in no answer. It must own what it uses,
// or use what outlives the executor.
inline Task<void> leave_running(Task<void> work) {
  boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  boost::asio::co_spawn(executor, std::move(work), boost::asio::detached);
}

}  // namespace rescind

#endif  // RESCIND_BASE_ASYNC_H_
