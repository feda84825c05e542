#include "store/sqlite/reader.h"

namespace rescind::sqlite {
namespace {

constexpr std::size_t kTaken = 1024;  // at a time; an answered job's memory is given back

}  // namespace

Reader::Reader(const ConnectionOptions& options, std::size_t max_jobs)
    : connection_(options), queue_(max_jobs), thread_([this] { run(); }) {}

void Reader::close() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void Reader::run() {
  for (JobQueue::Batch batch = queue_.take(kTaken); !batch.empty(); batch = queue_.take(kTaken)) {
    for (const auto& job : batch) {
      try {
        job->run(connection_);
        job->complete();
      } catch (const SqliteError& error) {
        job->fail(to_error(error));
      } catch (const std::exception&) {
        job->fail(unavailable("the store has run out of memory"));
      }
    }
  }
}

}  // namespace rescind::sqlite
