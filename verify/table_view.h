// The read side of one table of the index.
#ifndef RESCIND_VERIFY_TABLE_VIEW_H_
#define RESCIND_VERIFY_TABLE_VIEW_H_

#include <algorithm>
#include <optional>

#include "verify/index_format.h"

namespace rescind {

struct Probe {
  std::optional<std::int64_t> value;
  std::uint64_t word = 0;        // of the directory, while the search was made
  std::uint32_t lines_read = 0;  // with those of searches that were made again
};

// Readers store nothing and wait for nobody: where a sub-table was moved or took an entry up during a search, it is searched
// again.
//
// Thread-safety: any thread may call any member, while one writes.
template <class Line>
class TableView {
 public:
  // `lines` = the first of the two halves; `newest` as in the header.
  TableView(const std::atomic<std::uint64_t>* directory, const Line* lines, std::uint32_t max_lines, std::uint64_t newest)
      : directory_(directory), lines_(lines), max_lines_(max_lines), newest_(newest) {}

  // Has the line on its way where the search will nearly always begin. A load whose value nobody waits for, because processors
  // drop a prefetch where they have yet to translate the address, and that is most of the time that a search takes.
  void touch(const KeyDigest& key) const {
    const SubTable table = sub_table(key.sub_table, newest_);
    if (table.count != 0) (void)table.lines[reduce(key.line_hash, table.count)].overflow.load(std::memory_order_relaxed);
  }

  Probe find(const KeyDigest& key) const {
    const std::atomic<std::uint64_t>& word = directory_[key.sub_table];
    std::uint32_t lines_read = 0;
    for (std::uint64_t seen = word.load(std::memory_order_acquire);;) {
      Probe probe = search(sub_table(key.sub_table, seen), key);
      lines_read += probe.lines_read;
      // What was read after the sub-table moved away is anything; with the fence, who read that finds the word changed.
      std::atomic_thread_fence(std::memory_order_acquire);
      const std::uint64_t now = word.load(std::memory_order_acquire);
      if (now == seen) {
        probe.word = seen;
        probe.lines_read = lines_read;
        return probe;
      }
      seen = now;
    }
  }

 private:
  struct SubTable {
    const Line* lines;
    std::uint32_t count;
  };

  // Never beyond the block, whatever a damaged file says.
  SubTable sub_table(std::uint64_t index, std::uint64_t word) const {
    const SubTableWord place = SubTableWord::parse(word);
    const std::uint32_t count = std::min(place.lines, max_lines_);
    return {lines_ + std::uint64_t{place.half} * max_lines_ * kSubTables + index * count, count};
  }

  static Probe search(const SubTable& table, const KeyDigest& key) {
    Probe probe;
    std::uint64_t at = reduce(key.line_hash, table.count);
    while (probe.lines_read < table.count) {
      const Line& line = table.lines[at];
      ++probe.lines_read;
      for (std::size_t slot = 0; slot < Line::kSlots; ++slot) {
        if (line.tags[slot].load(std::memory_order_acquire) != key.tag) continue;
        const std::int64_t value = line.value(slot);
        // The slot may have been given to another key between the two loads.
        std::atomic_thread_fence(std::memory_order_acquire);
        if (line.tags[slot].load(std::memory_order_relaxed) != key.tag) continue;
        probe.value = value;
        return probe;
      }
      if (line.overflow.load(std::memory_order_acquire) == 0) return probe;
      if (++at == table.count) at = 0;
    }
    return probe;
  }

  const std::atomic<std::uint64_t>* directory_;
  const Line* lines_;
  std::uint32_t max_lines_;
  std::uint64_t newest_;
};

// The two tables of the index at whose start the header stands. `max_lines` is the header's, read once.
inline const std::byte* start_of(const IndexHeader& header) { return reinterpret_cast<const std::byte*>(&header); }

inline const std::atomic<std::uint64_t>* directory_of(const IndexHeader& header) {
  return reinterpret_cast<const std::atomic<std::uint64_t>*>(start_of(header) + kDirectoryOffset);
}

inline TableView<MemberLine> members_of(const IndexHeader& header, std::uint32_t max_lines) {
  return {directory_of(header), reinterpret_cast<const MemberLine*>(start_of(header) + kTablesOffset), max_lines,
          header.newest[0].load(std::memory_order_relaxed)};
}

inline TableView<ThresholdLine> thresholds_of(const IndexHeader& header, std::uint32_t max_lines) {
  const std::byte* const lines = start_of(header) + kTablesOffset + 2 * half_bytes(max_lines);
  return {directory_of(header) + kSubTables, reinterpret_cast<const ThresholdLine*>(lines), max_lines,
          header.newest[1].load(std::memory_order_relaxed)};
}

}  // namespace rescind

#endif  // RESCIND_VERIFY_TABLE_VIEW_H_
