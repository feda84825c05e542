#include "base/async.h"

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/error.h"

namespace rescind {
namespace {

struct Outcome {
  std::thread::id worked_on;
  std::thread::id resumed_on;
  std::string value;
};

Task<void> run_and_record(boost::asio::any_io_executor pool, Outcome& outcome) {
  auto work = [&outcome, text = std::make_unique<std::string>("done")]() -> Result<std::string> {
    outcome.worked_on = std::this_thread::get_id();
    return *text;
  };
  auto result = co_await run_on(pool, std::move(work));
  outcome.resumed_on = std::this_thread::get_id();
  outcome.value = result ? *result : "failed";
}

TEST(RunOn, WorksOnThePoolAndResumesOnTheCallersExecutor) {
  boost::asio::thread_pool pool(1);
  boost::asio::io_context context;
  Outcome outcome;
  boost::asio::co_spawn(context, run_and_record(pool.get_executor(), outcome), boost::asio::detached);
  context.run();
  pool.join();
  EXPECT_EQ(outcome.value, "done");
  EXPECT_NE(outcome.worked_on, std::this_thread::get_id());
  EXPECT_EQ(outcome.resumed_on, std::this_thread::get_id());
}

TEST(RunOn, WhatTheWorkThrowsReachesTheCaller) {
  boost::asio::thread_pool pool(1);
  boost::asio::io_context context;
  std::exception_ptr thrown;
  auto failing = [executor = pool.get_executor()]() -> Task<void> {
    auto work = []() -> int { throw std::runtime_error("no"); };
    co_await run_on(executor, work);
  };
  boost::asio::co_spawn(context, failing, [&](std::exception_ptr error) { thrown = error; });
  context.run();
  EXPECT_THROW(std::rethrow_exception(thrown), std::runtime_error);
}

TEST(RunOn, ACallerWhoseContextStopsWhileItWaitsIsCleanedUp) {
  auto value = std::make_shared<int>(1);
  {
    boost::asio::io_context context;
    boost::asio::thread_pool pool(1);
    auto waiting = [executor = pool.get_executor(), &value]() -> Task<void> {
      auto work = [held = value] {
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        return *held += 1;
      };
      co_await run_on(executor, std::move(work));
    };
    boost::asio::co_spawn(context, waiting, boost::asio::detached);
    context.poll();
    pool.join();
  }
  EXPECT_EQ(*value, 2);
  EXPECT_EQ(value.use_count(), 1);
}

}  // namespace
}  // namespace rescind
