#include "main/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace rescind {
namespace {

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

Unexpected<Error> failure(const std::string& what, const std::string& path, const std::string& problem) {
  return fail(ErrorCode::kInternal, what + " in " + path + ": " + problem);
}

// At most one byte more than may be there, so that too much is seen.
bool read_bounded(int file, std::string& out) {
  out.resize(kMaxSecretBytes + 2);
  std::size_t filled = 0;
  while (filled < out.size()) {
    const ssize_t got = read(file, out.data() + filled, out.size() - filled);
    if (got < 0) return false;
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  out.resize(filled);
  return true;
}

void drop_line_end(std::string& text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
}

}  // namespace

Result<Secret> read_secret_file(const std::string& path, const std::string& what, SecretRules rules) {
  const OpenFile file(path);
  struct stat status {};
  if (file.descriptor() < 0 || fstat(file.descriptor(), &status) != 0)
    return failure(what, path, std::generic_category().message(errno));
  if (rules.access == FileAccess::kOwnerOnly && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return failure(what, path, "others than its owner may read it; chmod 600 it");
  }
  std::string text;
  if (!read_bounded(file.descriptor(), text)) return failure(what, path, std::generic_category().message(errno));
  drop_line_end(text);
  Secret secret(std::move(text));
  if (secret.size() < rules.least_bytes) {
    return failure(what, path, "it is shorter than " + std::to_string(rules.least_bytes) + " bytes");
  }
  if (secret.size() > kMaxSecretBytes) {
    return failure(what, path, "it is longer than " + std::to_string(kMaxSecretBytes) + " bytes");
  }
  return secret;
}

Result<Secret> check_admin_key(Secret key, const std::string& place) {
  const std::string_view text = key.reveal();
  const bool visible = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!visible || text.size() < kMinAdminKeyBytes || text.size() > kMaxSecretBytes) {
    return fail(ErrorCode::kInternal, place + ": an admin key is 16 to 4096 visible ASCII characters");
  }
  return key;
}

}  // namespace rescind
