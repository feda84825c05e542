#include "rescind/index_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "sdk/cpp/boot_id.h"
#include "verify/index_format.h"

namespace rescind {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return file_; }
  int release() { return std::exchange(file_, -1); }

 private:
  int file_;
};

IndexFileError refused(IndexError error) {
  switch (error) {
    case IndexError::kNotAnIndex: return IndexFileError::kNotAnIndex;
    case IndexError::kOtherVersion: return IndexFileError::kOtherVersion;
    case IndexError::kDamaged:
    case IndexError::kFull: return IndexFileError::kDamaged;
  }
  return IndexFileError::kDamaged;
}

}  // namespace

std::string_view to_string(IndexFileError error) {
  switch (error) {
    case IndexFileError::kSystem: return "system";
    case IndexFileError::kNotAnIndex: return "not_an_index";
    case IndexFileError::kOtherVersion: return "other_version";
    case IndexFileError::kDamaged: return "damaged";
    case IndexFileError::kOtherBoot: return "other_boot";
  }
  return "";
}

Result<std::unique_ptr<IndexFile>, IndexFileError> IndexFile::create(std::string path, std::uint32_t max_lines) {
  const auto host = read_boot_id();
  if (!host) return Unexpected(IndexFileError::kSystem);
  const std::string new_path = path + ".new";
  ::unlink(new_path.c_str());  // of a writer that died before it had published
  Descriptor file(::open(new_path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640));
  if (file.get() < 0) return Unexpected(IndexFileError::kSystem);
  // All addresses at once, so that a reader maps them once; the file has holes where nothing was committed.
  const std::uint64_t size = index_block_bytes(max_lines);
  void* block = MAP_FAILED;
  if (::fchmod(file.get(), 0640) == 0 && ::ftruncate(file.get(), static_cast<off_t>(size)) == 0 &&
      ::fallocate(file.get(), 0, 0, kHeadBytes) == 0) {
    block = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file.get(), 0);
  }
  if (block == MAP_FAILED) {
    ::unlink(new_path.c_str());
    return Unexpected(IndexFileError::kSystem);
  }
  const std::span<std::byte> range(static_cast<std::byte*>(block), size);
  return std::unique_ptr<IndexFile>(new IndexFile(std::move(path), file.release(), range, *host));
}

IndexFile::IndexFile(std::string path, int file, std::span<std::byte> range, const HostId& host)
    : path_(std::move(path)), file_(file), range_(range), host_(host) {}

// A published file stays: readers go on until its lease has run out.
IndexFile::~IndexFile() {
  ::munmap(range_.data(), range_.size());
  ::close(file_);
  if (!is_published_) ::unlink((path_ + ".new").c_str());
}

Result<void, IndexFileError> IndexFile::publish() {
  if (::rename((path_ + ".new").c_str(), path_.c_str()) != 0) return Unexpected(IndexFileError::kSystem);
  is_published_ = true;
  return {};
}

// Blocks of the disk before anything is stored there: a full disk is then a refusal here and not a SIGBUS.
bool IndexFile::commit(std::uint64_t offset, std::uint64_t size) {
  return ::fallocate(file_, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset), static_cast<off_t>(size)) == 0;
}

// Where the file system cannot do that, the space stays taken until the table comes back to it.
void IndexFile::release(std::uint64_t offset, std::uint64_t size) {
  (void)::fallocate(file_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset), static_cast<off_t>(size));
}

void IndexFileReader::Unmap::operator()(const std::byte* block) const { ::munmap(const_cast<std::byte*>(block), size); }

IndexFileReader::IndexFileReader(std::string path, Mapping mapping, Identity identity, RevocationView view)
    : path_(std::move(path)), mapping_(std::move(mapping)), identity_(identity), view_(view) {}

Result<IndexFileReader, IndexFileError> IndexFileReader::open(std::string path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return Unexpected(IndexFileError::kSystem);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || size < kHeadBytes) return Unexpected(IndexFileError::kNotAnIndex);
  void* const block = ::mmap(nullptr, size, PROT_READ, MAP_SHARED | MAP_NORESERVE, file.get(), 0);
  if (block == MAP_FAILED) return Unexpected(IndexFileError::kSystem);
  Mapping mapping(static_cast<const std::byte*>(block), Unmap{size});
  auto view = RevocationView::attach({mapping.get(), size});
  if (!view) return Unexpected(refused(view.error()));
  const auto here = read_boot_id();
  if (!here || view->host() != *here) return Unexpected(IndexFileError::kOtherBoot);
  return IndexFileReader(std::move(path), std::move(mapping), {status.st_dev, status.st_ino}, *view);
}

Result<bool, IndexFileError> IndexFileReader::refresh() {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) return Unexpected(IndexFileError::kSystem);
  if (Identity{status.st_dev, status.st_ino} == identity_) return false;
  auto reader = open(path_);
  if (!reader) return Unexpected(reader.error());
  *this = std::move(*reader);
  return true;
}

}  // namespace rescind
