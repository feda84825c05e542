#include "main/run_to_end.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <utility>

namespace rescind {
namespace {

Task<void> keep_result(Task<Result<void>> task, std::optional<Result<void>>& result) { result = co_await std::move(task); }

}  // namespace

Result<void> run_to_end(Task<Result<void>> task) {
  boost::asio::io_context context;
  std::optional<Result<void>> result;
  boost::asio::co_spawn(context, keep_result(std::move(task), result), boost::asio::detached);
  context.run();
  return *result;
}

}  // namespace rescind
