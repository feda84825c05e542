// A disk that forgets what was not flushed when its power is cut.
//
// It sits in front of the real files. Writes go through, so that the running program reads them back; beside that the disk
// keeps, per file, what is surely on it (as of the last sync) and the writes since. A power cut makes every later call
// fail; settle() then gives each file the content that a real disk might have: the synced one, and of the writes since a
// random part, some of them torn.
#ifndef RESCIND_TESTS_DURABILITY_POWER_CUT_DISK_H_
#define RESCIND_TESTS_DURABILITY_POWER_CUT_DISK_H_

#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "tests/testing/shim_vfs.h"

namespace rescind {

// Thread-safety: any thread may call any member.
class PowerCutDisk final : public IoObserver {
 public:
  explicit PowerCutDisk(std::uint64_t seed) : random_(seed) {}

  // Cuts the power at the `nth` write, truncation, sync or deletion from now on; 0: not.
  void cut_at(std::uint64_t nth);
  bool is_off();

  // Every connection must be closed. Power is back afterwards.
  void settle();

  IoVerdict before(IoCall call, const std::string& path) override;
  void opened(const std::string& path) override;
  void wrote(const std::string& path, std::uint64_t offset, std::span<const char> data) override;
  void truncated(const std::string& path, std::uint64_t size) override;
  void synced(const std::string& path) override;
  void deleted(const std::string& path) override;

 private:
  struct Change {
    bool is_truncation = false;
    std::uint64_t offset = 0;  // or the size
    std::string data;
  };
  struct File {
    std::string synced;
    std::vector<Change> changes;
  };
  enum class Survivors : std::uint8_t { kNone, kPrefix, kAnySubset };

  static void apply(const Change& change, std::string& content);
  std::string settled(const File& file, Survivors survivors) REQUIRES(mutex_);

  Mutex mutex_;
  std::mt19937_64 random_ GUARDED_BY(mutex_);
  std::map<std::string, File> files_ GUARDED_BY(mutex_);
  std::uint64_t calls_until_cut_ GUARDED_BY(mutex_) = 0;
  bool off_ GUARDED_BY(mutex_) = false;
};

}  // namespace rescind

#endif  // RESCIND_TESTS_DURABILITY_POWER_CUT_DISK_H_
