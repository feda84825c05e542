// The PEM files of server.tls_cert and server.tls_key, and the TLS context that follows them.
#ifndef RESCIND_MAIN_TLS_FILES_H_
#define RESCIND_MAIN_TLS_FILES_H_

#include <sys/types.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/mutex.h"
#include "wire/tls_context.h"

namespace rescind {

// Thread-safety: any thread may call any member.
class TlsFiles {
 public:
  // Fails, naming the settings and the paths, where the server cannot speak TLS with these files.
  static Result<std::unique_ptr<TlsFiles>> load(std::string certificate_path, std::string key_path, const Clock& clock,
                                                Log& log);

  TlsContext& context() { return *context_; }

  // To be called every few seconds: takes up files that have changed and rest since the call before, so that nobody is caught
  // between two files that are being replaced. Fails for as long as they cannot be taken up; what was loaded goes on.
  Result<void> follow();
  // At once, whether they have changed or not. What is wrong with them is logged.
  void reload();

 private:
  // What differs once a file was replaced or written to.
  struct Stamp {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    timespec modified{};
    bool operator==(const Stamp& other) const;
  };
  using Stamps = std::array<Stamp, 2>;

  TlsFiles(std::string certificate_path, std::string key_path, const Clock& clock, Log& log);
  Result<Stamps> look() const;
  Result<void> take_up(const Stamps& stamps) REQUIRES(mutex_);

  const std::string certificate_path_;
  const std::string key_path_;
  const Clock& clock_;
  Log& log_;
  std::unique_ptr<TlsContext> context_;  // constant once loaded
  Mutex mutex_;
  Stamps loaded_ GUARDED_BY(mutex_);
  Stamps seen_ GUARDED_BY(mutex_);
  SteadyTime loaded_at_ GUARDED_BY(mutex_);
};

}  // namespace rescind

#endif  // RESCIND_MAIN_TLS_FILES_H_
