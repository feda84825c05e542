#include "token/key_file.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace rescind {
namespace {

constexpr const char* kName = "keys.json";
constexpr const char* kTemporaryName = "keys.json.new";

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Unexpected<Error> refuse(const std::string& directory, std::string_view reason) {
  return fail(ErrorCode::kInternal, directory + "/" + kName + ": " + std::string(reason));
}

Unexpected<Error> refuse_by_errno(const std::string& directory, std::string_view what) {
  return refuse(directory, std::string(what) + ": " + std::generic_category().message(errno));
}

// Empty where the file may be trusted.
std::string_view reason_to_distrust(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  if (status.st_uid != ::geteuid()) return "belongs to another user";
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) return "can be reached by other users; it must have mode 0600";
  if (status.st_size > static_cast<off_t>(kMaxKeyFileBytes)) return "is too long";
  return {};
}

// Absent where reading failed, or the file grew meanwhile.
std::optional<Secret> read_all(int fd, std::size_t size) {
  std::string text(size + 1, '\0');
  std::size_t have = 0;
  ssize_t got = 0;
  while (have < text.size() && (got = ::read(fd, text.data() + have, text.size() - have)) > 0) {
    have += static_cast<std::size_t>(got);
  }
  const bool is_whole = got >= 0 && have <= size;
  text.resize(have);
  Secret secret(std::move(text));
  if (!is_whole) return std::nullopt;
  return secret;
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace

KeyFile::KeyFile(KeyPlace place, int directory_fd) : place_(std::move(place)), directory_fd_(directory_fd) {}

KeyFile::KeyFile(KeyFile&& other) noexcept
    : place_(std::move(other.place_)), directory_fd_(std::exchange(other.directory_fd_, -1)) {}

KeyFile::~KeyFile() {
  if (directory_fd_ >= 0) ::close(directory_fd_);
}

Result<KeyFile> KeyFile::open(const KeyPlace& place) {
  const std::string& directory = place.directory;
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return refuse_by_errno(directory, "cannot open the directory");
  KeyFile file(place, fd);
  if (::flock(fd, LOCK_EX) != 0) return refuse_by_errno(directory, "cannot lock the directory");
  return file;
}

Result<std::optional<KeyFileContent>> KeyFile::load() const {
  // O_NONBLOCK: a FIFO in its place must not hang the start.
  const Descriptor file(::openat(directory_fd_, kName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) return std::optional<KeyFileContent>();
  if (file.get() < 0 && errno == ELOOP) return refuse(place_.directory, "is a symbolic link");
  if (file.get() < 0) return refuse_by_errno(place_.directory, "cannot be opened");
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return refuse_by_errno(place_.directory, "cannot be examined");
  if (const auto reason = reason_to_distrust(status); !reason.empty()) return refuse(place_.directory, reason);
  const auto text = read_all(file.get(), static_cast<std::size_t>(status.st_size));
  if (!text) return refuse(place_.directory, "cannot be read");
  auto content = parse_key_file(*text, place_.secrets);
  if (!content) return refuse(place_.directory, content.error().message);
  return std::optional(std::move(*content));
}

Result<void> KeyFile::store(const ServerKeys& keys, Random& random) const {
  const Secret text = format_key_file(keys, place_.secrets, random);
  if (text.size() > kMaxKeyFileBytes) return refuse(place_.directory, "would be too long");
  // What a crash left behind was never in use.
  ::unlinkat(directory_fd_, kTemporaryName, 0);
  const Descriptor file(::openat(directory_fd_, kTemporaryName, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.get() < 0) return refuse_by_errno(place_.directory, "cannot be written");
  if (!write_all(file.get(), text.reveal()) || ::fsync(file.get()) != 0 ||
      ::renameat(directory_fd_, kTemporaryName, directory_fd_, kName) != 0) {
    const auto failure = refuse_by_errno(place_.directory, "cannot be written");
    ::unlinkat(directory_fd_, kTemporaryName, 0);
    return failure;
  }
  if (::fsync(directory_fd_) != 0) return refuse_by_errno(place_.directory, "the directory cannot be synced");
  return {};
}

}  // namespace rescind
