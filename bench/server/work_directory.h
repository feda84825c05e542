// A directory of a benchmark's own, removed with everything in it. It lies beside the program: the system's temporary directory
// may be in memory, where a flush costs nothing.
#ifndef RESCIND_BENCH_SERVER_WORK_DIRECTORY_H_
#define RESCIND_BENCH_SERVER_WORK_DIRECTORY_H_

#include <string>

namespace rescind::bench {

// A benchmark cannot go on where its surroundings fail: says what and ends the program.
[[noreturn]] void give_up(const std::string& what);

std::string own_directory();  // of the program, and of `rescind`

class WorkDirectory {
 public:
  WorkDirectory();
  ~WorkDirectory();
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace rescind::bench

#endif  // RESCIND_BENCH_SERVER_WORK_DIRECTORY_H_
