#include "main/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "main/secret_file.h"
#include "rescind/base64url.h"

namespace rescind {
namespace {

Unexpected<Error> system_failure(const std::string& what) {
  return fail(ErrorCode::kInternal, what + ": " + std::generic_category().message(errno));
}

Result<void> make_private_directory(const std::string& path) {
  std::error_code problem;
  const auto parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, problem);
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return system_failure("cannot make the data directory " + path);
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return system_failure("cannot look at the data directory " + path);
  if (!S_ISDIR(status.st_mode)) return fail(ErrorCode::kInternal, "data: " + path + " is not a directory");
  if ((status.st_mode & S_IWOTH) != 0) {
    return fail(ErrorCode::kInternal, "data: everybody may write to " + path + "; chmod 700 it");
  }
  return {};
}

Result<void> write_all(int file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0) return system_failure("cannot write " + path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(file) != 0) return system_failure("cannot sync " + path);
  return {};
}

void sync_directory(const std::string& path) {
  const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  fsync(directory);
  close(directory);
}

// Under a temporary name first: a crash must not leave half a key behind.
Result<void> write_private_file(const std::string& directory, const std::string& path, std::string_view text) {
  const std::string temporary = path + ".new";
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return system_failure("cannot write " + temporary);
  auto written = write_all(file, text, temporary);
  close(file);
  if (!written) return written;
  if (rename(temporary.c_str(), path.c_str()) != 0) return system_failure("cannot write " + path);
  sync_directory(directory);
  return {};
}

Secret make_admin_key(Random& random) {
  std::array<std::uint8_t, 32> bytes{};
  random.fill(bytes);
  return Secret("rk1_" + base64url_encode(bytes));
}

}  // namespace

Result<DataDirectory> DataDirectory::open(const std::string& path) {
  auto made = make_private_directory(path);
  if (!made) return Unexpected(std::move(made).error());
  const std::string lock_path = path + "/lock";
  const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return system_failure("cannot open " + lock_path);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    close(lock);
    return fail(ErrorCode::kInternal, "data: another server is running on " + path);
  }
  return DataDirectory(path, lock);
}

DataDirectory::~DataDirectory() {
  if (lock_ >= 0) close(lock_);
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

Result<Secret> DataDirectory::load_or_create_admin_key(Random& random) const {
  const std::string path = admin_key_path();
  if (std::filesystem::exists(std::filesystem::symlink_status(path))) {
    return read_secret_file(path, "the admin key", SecretRules{kMinAdminKeyBytes, FileAccess::kOwnerOnly});
  }
  const Secret key = make_admin_key(random);
  Secret line(std::string(key.reveal()) + "\n");
  auto written = write_private_file(path_, path, line.reveal());
  if (!written) return Unexpected(std::move(written).error());
  return key;
}

}  // namespace rescind
