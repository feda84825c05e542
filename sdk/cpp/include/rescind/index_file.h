// A revocation index in a file: one process writes it, any number of others map it and check against it in nanoseconds.
//
// The writer makes a new file beside the old one, fills it, and renames it over: a reader has the old index, which nobody
// renews any more, or the new one, and never half of one. docs/index-format.md describes the bytes.
//
//   auto file = IndexFile::create(path);                       auto reader = IndexFileReader::open(path);
//   IndexFile& writer = **file;                                …every second or so: reader->refresh()
//   RevocationIndex index(std::move(*file));                   if (!reader->view().lease_is_live(boot_time)) → refuse (503)
//   …fill it…; writer.publish();                               verify(token, keys, reader->view(), policy, now)
#ifndef RESCIND_INDEX_FILE_H_
#define RESCIND_INDEX_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "rescind/index_memory.h"
#include "rescind/result.h"
#include "rescind/revocation_view.h"

namespace rescind {

enum class IndexFileError : std::uint8_t {
  kSystem,        // a file cannot be made, opened, mapped or renamed, or the disk is full; errno says why
  kNotAnIndex,    // not a file that begins as an index does
  kOtherVersion,  // an index of another version of the format
  kDamaged,       // its sizes do not fit together
  kOtherBoot,     // written on another machine, or before this one was started: its lease counts on another clock
};

std::string_view to_string(IndexFileError error);

// The memory of an index that is being written. The file is removed where it was not published.
// Thread-safety: as IndexMemory.
class IndexFile final : public IndexMemory {
 public:
  // `path` + ".new", with mode 0640.
  static Result<std::unique_ptr<IndexFile>, IndexFileError> create(std::string path,
                                                                   std::uint32_t max_lines = kDefaultMaxLines);
  ~IndexFile() override;
  IndexFile(const IndexFile&) = delete;
  IndexFile& operator=(const IndexFile&) = delete;

  // From now on whoever opens the path finds this index. Precondition: a RevocationIndex was made on this memory.
  Result<void, IndexFileError> publish();

  std::span<std::byte> range() override { return range_; }
  HostId host() const override { return host_; }
  bool commit(std::uint64_t offset, std::uint64_t size) override;
  void release(std::uint64_t offset, std::uint64_t size) override;

 private:
  IndexFile(std::string path, int file, std::span<std::byte> range, const HostId& host);

  const std::string path_;
  const int file_;
  const std::span<std::byte> range_;
  const HostId host_;
  bool is_published_ = false;
};

// A published index, read only.
// Thread-safety: refresh() and moving are for one thread, while no other uses the view; the view is for any number of threads.
class IndexFileReader {
 public:
  static Result<IndexFileReader, IndexFileError> open(std::string path);

  const RevocationView& view() const { return view_; }

  // Opens the path again where it names another file by now: the writer was started again. True where it did, and then every
  // copy of the old view is void. Where there is nothing good to open, an error, and the old view stays: its lease runs out.
  Result<bool, IndexFileError> refresh();

 private:
  struct Unmap {
    std::size_t size = 0;
    void operator()(const std::byte* block) const;
  };
  using Mapping = std::unique_ptr<const std::byte, Unmap>;
  struct Identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    bool operator==(const Identity&) const = default;
  };

  IndexFileReader(std::string path, Mapping mapping, Identity identity, RevocationView view);

  std::string path_;
  Mapping mapping_;
  Identity identity_;
  RevocationView view_;
};

}  // namespace rescind

#endif  // RESCIND_INDEX_FILE_H_
