// Secrets that stand in files of their own.
#ifndef RESCIND_MAIN_SECRET_FILE_H_
#define RESCIND_MAIN_SECRET_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/secret.h"

namespace rescind {

inline constexpr std::size_t kMinAdminKeyBytes = 16;
inline constexpr std::size_t kMinClientSecretBytes = 16;
inline constexpr std::size_t kMaxSecretBytes = 4096;

enum class FileAccess : std::uint8_t { kAny, kOwnerOnly };

struct SecretRules {
  std::size_t least_bytes = 0;
  FileAccess access = FileAccess::kAny;  // mounted secrets are often readable by a group
};

// The file's content without one line end behind it. Fails, naming `what` and the path and never the content, where it
// cannot be read, is shorter than the rules want or longer than kMaxSecretBytes, or is open to others against the rules.
Result<Secret> read_secret_file(const std::string& path, const std::string& what, SecretRules rules);

// An admin key travels behind "Bearer ", so it must be visible ASCII. `place` says where it stands.
Result<Secret> check_admin_key(Secret key, const std::string& place);

}  // namespace rescind

#endif  // RESCIND_MAIN_SECRET_FILE_H_
