#include "bench/server/work_directory.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace rescind::bench {

void give_up(const std::string& what) {
  std::fprintf(stderr, "benchmark: %s\n", what.c_str());
  std::exit(1);
}

std::string own_directory() { return std::filesystem::read_symlink("/proc/self/exe").parent_path(); }

WorkDirectory::WorkDirectory() : path_(own_directory() + "/bench-data-XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr) give_up("cannot make " + path_);
}

WorkDirectory::~WorkDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace rescind::bench
