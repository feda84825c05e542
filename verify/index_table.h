// The write side of one table of the index.
//
// An entry never moves within a sub-table, so no search can miss one on its way. A sub-table that must grow or shrink is built
// anew in the other half of the table's addresses and then takes the place of the old one by a single store; the memory of the
// old one is given back. All sub-tables go from half to half in turn, a few with every change to the table, and one that is
// full goes at once.
#ifndef RESCIND_VERIFY_INDEX_TABLE_H_
#define RESCIND_VERIFY_INDEX_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rescind/index_memory.h"
#include "verify/index_format.h"

namespace rescind {

enum class Insertion : std::uint8_t { kNew, kMerged, kFull };

// Thread-safety: one thread at a time, beside any number of readers.
template <class Line>
class IndexTable {
 public:
  // Where the table stands in the block; `live` are the counts of its two kinds, `newest` as in the header.
  struct Place {
    std::uint64_t directory_offset;
    std::uint64_t lines_offset;
    std::span<std::atomic<std::uint64_t>, 2> live;
    std::atomic<std::uint64_t>& newest;
  };
  IndexTable(IndexMemory& memory, const IndexHeader& header, const Place& place);

  // Asks for the memory that insert() will touch.
  void prefetch(const KeyDigest& key) const;

  // Of two entries with one key the higher value and the later expiry hold.
  Insertion insert(const KeyDigest& key, std::int64_t value, std::uint32_t expires);

  // One bounded step of removing every entry with expires <= until. Adds what went to `removed`; false when none is left.
  bool purge_step(std::uint32_t until, std::size_t& removed);

  // A few sub-tables further, where the table is growing or shrinking. False where nothing moved: it is not, or there is no
  // memory.
  bool move_some();

  // Begins to shrink where a quarter of the memory or more is not needed; false where it is.
  bool shrink_if_sparse();

 private:
  Line* lines_at(std::uint32_t half, std::uint32_t lines, std::uint64_t sub_table) const;
  SubTableWord word_of(std::uint64_t sub_table) const;
  bool is_moved(std::uint64_t sub_table) const { return word_of(sub_table).half == half_; }

  bool make_room(std::uint64_t sub_table);
  void announce_change(std::uint64_t sub_table);
  void start_move(std::uint32_t lines);
  bool finish_move();
  bool move(std::uint64_t sub_table);
  bool commit_for(std::uint64_t sub_table);
  void leave_behind();
  void purge_sub_table(std::uint64_t sub_table, std::uint32_t until, std::size_t& removed);

  IndexMemory& memory_;
  const IndexHeader& header_;
  const std::uint64_t lines_offset_;
  const std::span<std::atomic<std::uint64_t>, 2> live_;
  std::atomic<std::uint64_t>& newest_;
  std::atomic<std::uint64_t>* const directory_;
  std::byte* const start_;

  // Where sub-tables are or are on their way to: the half, and how many lines each has there.
  std::uint32_t half_ = 0;
  std::uint32_t lines_ = 0;
  std::uint32_t old_lines_ = 0;              // in the other half
  std::uint64_t next_ = kSubTables;          // the first that may not have moved yet; kSubTables: all have
  std::uint64_t committed_ = 0;              // bytes of half_, from its start
  std::uint64_t released_ = 0;               // bytes of the other half, from its start
  std::vector<std::uint32_t> entries_;       // of each sub-table
  std::vector<std::uint32_t> first_expiry_;  // no entry of the sub-table expires earlier
  std::uint64_t purge_at_ = 0;
};

extern template class IndexTable<MemberLine>;
extern template class IndexTable<ThresholdLine>;

}  // namespace rescind

#endif  // RESCIND_VERIFY_INDEX_TABLE_H_
