// The threads that hash passwords. They give way to every other thread of the server: a hash takes a core for tens of
// milliseconds, and whoever waits for one waits anyway.
#ifndef RESCIND_MAIN_HASHING_THREADS_H_
#define RESCIND_MAIN_HASHING_THREADS_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <thread>
#include <vector>

namespace rescind {

// Thread-safety: members are for one thread; the executor is for any.
class HashingThreads {
 public:
  explicit HashingThreads(std::size_t count);
  ~HashingThreads() { join(); }
  HashingThreads(const HashingThreads&) = delete;
  HashingThreads& operator=(const HashingThreads&) = delete;

  boost::asio::any_io_executor executor() { return context_.get_executor(); }

  // Does what is queued, then ends the threads: before what the work refers to goes. Idempotent.
  void join();

 private:
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::vector<std::thread> threads_;
};

}  // namespace rescind

#endif  // RESCIND_MAIN_HASHING_THREADS_H_
