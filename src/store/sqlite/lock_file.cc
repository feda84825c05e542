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

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

}  // namespace

Result<LockFile> LockFile::acquire(const std::string& database_path) {
  const std::string path = database_path + ".lock";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly));
  if (file.number() < 0) return fail_on(path);
  if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail_on(path);
    return fail(ErrorCode::kStoreUnavailable, "another rescind is using " + database_path);
  }
  return LockFile(file.release());
}

LockFile::~LockFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> prepare_private_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly));
  if (file.number() < 0) return fail_on(path);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return fail_on(path);
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::kStoreUnavailable, path + " is not a file");
  const bool is_shared = (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
  if (is_shared && ::fchmod(file.number(), kOwnerOnly) != 0) return fail_on(path);

  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  const std::string directory = parent.empty() ? "." : parent.string();
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.number() < 0 || ::fsync(file.number()) != 0 || ::fsync(opened.number()) != 0) return fail_on(path);
  return {};
}

}  // namespace rescind::sqlite
