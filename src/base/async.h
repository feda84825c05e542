// Task<T>: a lazy coroutine that runs on its caller's executor (an io_context of the wire, or the simulation's).
//
// Habit for everything that awaits: name the arguments first, then `co_await f(name)`. g++ 12 destroys some temporaries
// of a co_await expression twice.
#ifndef RESCIND_BASE_ASYNC_H_
#define RESCIND_BASE_ASYNC_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <type_traits>
#include <utility>

namespace rescind {

template <class T>
using Task = boost::asio::awaitable<T>;

// Runs `work` on `pool` and resumes the caller on its own executor with the result.
template <class F>
Task<std::invoke_result_t<F>> run_on(boost::asio::any_io_executor pool, F work) {
  co_return co_await boost::asio::co_spawn(
      pool, [work = std::move(work)]() mutable -> Task<std::invoke_result_t<F>> { co_return work(); },
      boost::asio::use_awaitable);
}

}  // namespace rescind

#endif  // RESCIND_BASE_ASYNC_H_
