// An SQLite VFS in front of the system's, whose every call can be watched, and made to fail.
#ifndef RESCIND_TESTS_TESTING_SHIM_VFS_H_
#define RESCIND_TESTS_TESTING_SHIM_VFS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace rescind {

enum class IoCall : std::uint8_t { kOpen, kRead, kWrite, kTruncate, kSync, kDelete, kShmMap };

struct IoVerdict {
  int error = 0;           // 0: as the system says; else what SQLite is told
  bool done_first = true;  // with an error: the call is done all the same
};

// Thread-safety wanted: SQLite calls from each thread that has a connection.
class IoObserver {
 public:
  virtual ~IoObserver() = default;
  virtual IoVerdict before(IoCall call, const std::string& path) = 0;
  virtual void opened(const std::string& /*path*/) {}
  virtual void wrote(const std::string& /*path*/, std::uint64_t /*offset*/, std::span<const char> /*data*/) {}
  virtual void truncated(const std::string& /*path*/, std::uint64_t /*size*/) {}
  virtual void synced(const std::string& /*path*/) {}
  virtual void deleted(const std::string& /*path*/) {}
};

// Registered under `name` as long as it lives; every connection must be closed before it goes.
class ShimVfs {
 public:
  ShimVfs(std::string name, IoObserver& observer);
  ~ShimVfs();
  ShimVfs(const ShimVfs&) = delete;
  ShimVfs& operator=(const ShimVfs&) = delete;

  const std::string& name() const;

 private:
  struct Registration;
  std::unique_ptr<Registration> registration_;
};

}  // namespace rescind

#endif  // RESCIND_TESTS_TESTING_SHIM_VFS_H_
