// The data directory: keys, admin key and the embedded store; one server at a time.
#ifndef RESCIND_MAIN_DATA_DIRECTORY_H_
#define RESCIND_MAIN_DATA_DIRECTORY_H_

#include <string>

#include "base/error.h"
#include "base/random.h"
#include "base/secret.h"

namespace rescind {

class DataDirectory {
 public:
  // Makes the directory with mode 0700 where it is missing and locks it until this object goes: a second server on the
  // same store would not see the first one's revocations. Fails where it cannot, where another server has it, or where
  // everybody may write to it.
  static Result<DataDirectory> open(const std::string& path);
  ~DataDirectory();
  DataDirectory(DataDirectory&& other) noexcept;
  DataDirectory& operator=(DataDirectory&&) = delete;

  const std::string& path() const { return path_; }
  std::string admin_key_path() const { return path_ + "/admin.key"; }

  // Reads admin.key or, where there is none, makes it: `rk1_` and 32 random bytes as base64url, mode 0600, durable before
  // it returns. Fails where others than the owner may read the file.
  Result<Secret> load_or_create_admin_key(Random& random) const;

 private:
  DataDirectory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_;  // descriptor of PATH/lock, -1 once moved from
};

}  // namespace rescind

#endif  // RESCIND_MAIN_DATA_DIRECTORY_H_
