// The file of the server's keys, DIR/keys.json:
//
//   {"version":1,
//    "refresh_key":"<32 bytes as base64url>",
//    "signing_keys":[<private JWK with kid and alg>, …]}      newest first; may be empty
//
// No other member, no other version, at most kMaxKeyFileBytes. A private JWK is one that SigningKey::from_private_jwk()
// takes. It belongs to the user that the server runs as, with mode 0600, and is a regular file, not a symbolic link.
#ifndef RESCIND_TOKEN_KEY_FILE_H_
#define RESCIND_TOKEN_KEY_FILE_H_

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "token/signing_key.h"

namespace rescind {

inline constexpr std::size_t kMaxKeyFileBytes = 256 * 1024;

struct KeyFileContent {
  Secret refresh_key;
  std::vector<SigningKey> signing_keys;
};

Result<KeyFileContent> parse_key_file(const Secret& text);
Secret format_key_file(const KeyFileContent& content);

// Holds the directory open and locked, so that two processes that start at once agree on one set of keys.
class KeyFile {
 public:
  static Result<KeyFile> open(const std::string& directory);
  KeyFile(KeyFile&& other) noexcept;
  KeyFile& operator=(KeyFile&&) = delete;
  ~KeyFile();

  // Empty where there is no such file. Fails where there is one that cannot be trusted or understood.
  Result<std::optional<KeyFileContent>> load() const;

  // Durable on return: a temporary file of mode 0600, synced, renamed, directory synced.
  Result<void> store(const KeyFileContent& content) const;

 private:
  KeyFile(std::string directory, int directory_fd);
  std::string directory_;  // for messages
  int directory_fd_;
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_KEY_FILE_H_
