#include "tests/durability/power_cut_disk.h"

#include <sqlite3.h>

#include <fstream>
#include <iterator>

namespace rescind {
namespace {

constexpr std::size_t kSector = 512;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

void PowerCutDisk::cut_at(std::uint64_t nth) {
  MutexLock lock(mutex_);
  calls_until_cut_ = nth;
}

bool PowerCutDisk::is_off() {
  MutexLock lock(mutex_);
  return off_;
}

IoVerdict PowerCutDisk::before(IoCall call, const std::string& /*path*/) {
  MutexLock lock(mutex_);
  const bool changes = call == IoCall::kWrite || call == IoCall::kTruncate || call == IoCall::kSync || call == IoCall::kDelete;
  if (!off_ && changes && calls_until_cut_ > 0 && --calls_until_cut_ == 0) off_ = true;
  return off_ ? IoVerdict{SQLITE_IOERR, false} : IoVerdict{};
}

void PowerCutDisk::opened(const std::string& path) {
  MutexLock lock(mutex_);
  if (!path.empty() && !files_.contains(path)) files_[path].synced = read_file(path);
}

void PowerCutDisk::wrote(const std::string& path, std::uint64_t offset, std::span<const char> data) {
  MutexLock lock(mutex_);
  files_[path].changes.push_back({false, offset, std::string(data.begin(), data.end())});
}

void PowerCutDisk::truncated(const std::string& path, std::uint64_t size) {
  MutexLock lock(mutex_);
  files_[path].changes.push_back({true, size, {}});
}

void PowerCutDisk::synced(const std::string& path) {
  MutexLock lock(mutex_);
  File& file = files_[path];
  for (const Change& change : file.changes) apply(change, file.synced);
  file.changes.clear();
}

void PowerCutDisk::deleted(const std::string& path) {
  MutexLock lock(mutex_);
  files_.erase(path);
}

void PowerCutDisk::apply(const Change& change, std::string& content) {
  if (change.is_truncation) {
    content.resize(change.offset);
    return;
  }
  if (content.size() < change.offset + change.data.size()) content.resize(change.offset + change.data.size());
  content.replace(change.offset, change.data.size(), change.data);
}

std::string PowerCutDisk::settled(const File& file, Survivors survivors) {
  std::string content = file.synced;
  const std::size_t prefix = file.changes.empty() ? 0 : random_() % (file.changes.size() + 1);
  for (std::size_t i = 0; i < file.changes.size(); ++i) {
    Change change = file.changes[i];
    const bool survives = survivors == Survivors::kPrefix ? i < prefix : random_() % 2 == 0;
    if (survivors == Survivors::kNone || !survives) continue;
    const bool is_torn = change.data.size() > kSector && random_() % 8 == 0;
    if (is_torn) change.data.resize(kSector * (1 + random_() % (change.data.size() / kSector)));
    apply(change, content);
  }
  return content;
}

void PowerCutDisk::settle() {
  MutexLock lock(mutex_);
  const auto survivors = static_cast<Survivors>(random_() % 3);
  for (auto& [path, file] : files_) {
    const std::string content = settled(file, survivors);
    std::ofstream(path, std::ios::binary | std::ios::trunc).write(content.data(), static_cast<std::streamsize>(content.size()));
    file = File{content, {}};
  }
  calls_until_cut_ = 0;
  off_ = false;
}

}  // namespace rescind
