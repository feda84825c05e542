// The file of the server's keys, DIR/keys.json. Its form and its rules: docs/key-file.md. It belongs to the user that the
// server runs as, with mode 0600, and is a regular file, not a symbolic link.
#ifndef RESCIND_TOKEN_KEY_FILE_H_
#define RESCIND_TOKEN_KEY_FILE_H_

#include <optional>
#include <string>

#include "base/error.h"
#include "base/secret.h"
#include "token/server_keys.h"

namespace rescind {

inline constexpr std::size_t kMaxKeyFileBytes = 256 * 1024;

// Its errors are kInternal and hold nothing of the text.
Result<ServerKeys> parse_key_file(const Secret& text);
Secret format_key_file(const ServerKeys& keys);

// Holds the directory open and locked, so that two processes that start at once agree on one set of keys.
class KeyFile {
 public:
  static Result<KeyFile> open(const std::string& directory);
  KeyFile(KeyFile&& other) noexcept;
  KeyFile& operator=(KeyFile&&) = delete;
  ~KeyFile();

  // Empty where there is no such file. Fails where there is one that cannot be trusted or understood.
  Result<std::optional<ServerKeys>> load() const;

  // Durable on return, and a crash at any moment leaves the old file or the new one: a temporary file of mode 0600, synced,
  // renamed, directory synced.
  Result<void> store(const ServerKeys& keys) const;

 private:
  KeyFile(std::string directory, int directory_fd);
  std::string directory_;  // for messages
  int directory_fd_;
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_KEY_FILE_H_
