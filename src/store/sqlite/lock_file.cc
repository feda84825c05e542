#include "store/sqlite/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace rescind::sqlite {
namespace {

constexpr mode_t kOwnerOnly = 0600;

Unexpected<Error> fail_on(const std::string& path) {
  return fail(ErrorCode::kStoreUnavailable, path + ": " + std::generic_category().message(errno));
}

}  // namespace

Result<LockFile> LockFile::acquire(const std::string& database_path) {
  const std::string path = database_path + ".lock";
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly));
  if (file.get() < 0) return fail_on(path);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail_on(path);
    return fail(ErrorCode::kStoreUnavailable, "another rescind is using " + database_path);
  }
  return LockFile(std::move(file));
}

Result<void> prepare_private_file(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly));
  if (file.get() < 0) return fail_on(path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail_on(path);
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::kStoreUnavailable, path + " is not a file");
  const bool is_shared = (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
  if (is_shared && ::fchmod(file.get(), kOwnerOnly) != 0) return fail_on(path);

  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  const std::string directory = parent.empty() ? "." : parent.string();
  const FileDescriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(file.get()) != 0 || ::fsync(opened.get()) != 0) return fail_on(path);
  return {};
}

}  // namespace rescind::sqlite
