// The file of the server's keys, DIR/keys.json. Its form and its rules: docs/key-file.md. It belongs to the user that the
// server runs as, with mode 0600, and is a regular file, not a symbolic link.
#ifndef RESCIND_TOKEN_KEY_FILE_H_
#define RESCIND_TOKEN_KEY_FILE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/random.h"
#include "base/secret.h"
#include "token/server_keys.h"

namespace rescind {

inline constexpr std::size_t kMaxKeyFileBytes = 256 * 1024;

// What seals the file. `previous` opens one that it sealed and seals nothing.
struct MasterSecrets {
  std::optional<Secret> current = std::nullopt;   // at least kMinMasterSecretBytes, like `previous`
  std::optional<Secret> previous = std::nullopt;  // only where there is a current one
};

enum class Sealing : std::uint8_t {
  kCurrent,   // as the secrets want it
  kOutdated,  // with the previous secret; or not at all, though there is one
};
struct KeyFileContent {
  ServerKeys keys;
  Sealing sealing = Sealing::kCurrent;
};

// Errors are kInternal and hold nothing of the text. A sealed text that no secret opens is one.
Result<KeyFileContent> parse_key_file(const Secret& text, const MasterSecrets& secrets);
Secret format_key_file(const ServerKeys& keys, const MasterSecrets& secrets, Random& random);

struct KeyPlace {
  std::string directory;  // must exist
  MasterSecrets secrets = {};
};

// Holds the directory open and locked, so that two processes that start at once agree on one set of keys.
class KeyFile {
 public:
  static Result<KeyFile> open(const KeyPlace& place);
  KeyFile(KeyFile&& other) noexcept;
  KeyFile& operator=(KeyFile&&) = delete;
  ~KeyFile();

  // Empty where there is no such file. Fails where there is one that cannot be trusted or understood.
  Result<std::optional<KeyFileContent>> load() const;

  // Durable on return, and a crash at any moment leaves the old file or the new one: a temporary file of mode 0600, synced,
  // renamed, directory synced.
  Result<void> store(const ServerKeys& keys, Random& random) const;

 private:
  KeyFile(KeyPlace place, int directory_fd);
  KeyPlace place_;
  int directory_fd_;
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_KEY_FILE_H_
