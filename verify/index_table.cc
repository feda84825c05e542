#include "verify/index_table.h"

#include <algorithm>
#include <limits>

namespace rescind {
namespace {

constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kStepLines = 256;    // lines written in one move_some(), at least one sub-table
constexpr std::uint64_t kPurgeLines = 2048;  // lines looked at in one purge_step(), at least one sub-table
constexpr std::uint64_t kHugePage = std::uint64_t{2} << 20;
constexpr std::uint64_t kLargeHalf = 2 * kHugePage;  // from here on memory is taken in huge pages

constexpr std::uint64_t round_down(std::uint64_t value, std::uint64_t to) { return value / to * to; }
constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t to) { return round_down(value + to - 1, to); }

// A sub-table is never filled further: searches stay short, and some slot is always free.
template <class Line>
std::uint32_t most_entries(std::uint32_t lines) {
  return static_cast<std::uint32_t>(std::uint64_t{lines} * Line::kSlots * 92 / 100);
}

// How many lines hold so many entries and a tenth more.
template <class Line>
std::uint32_t roomy_lines(std::uint32_t entries) {
  std::uint32_t lines = static_cast<std::uint32_t>(std::uint64_t{entries} * 110 / (Line::kSlots * 92)) + 1;
  return lines;
}

struct Slot {
  std::uint64_t line;
  std::size_t slot;
};

// The lines of one sub-table, as its writer sees them.
template <class Line>
class Lines {
 public:
  Lines(Line* first, std::uint32_t count) : first_(first), count_(count) {}

  std::uint64_t home(std::uint64_t line_hash) const { return reduce(line_hash, count_); }
  std::uint64_t after(std::uint64_t line) const { return line + 1 == count_ ? 0 : line + 1; }
  Line& operator[](std::uint64_t line) const { return first_[line]; }

  std::optional<Slot> find(std::uint64_t line_hash, std::uint64_t tag) const {
    if (count_ == 0) return std::nullopt;
    std::uint64_t at = home(line_hash);
    for (std::uint32_t read = 0; read < count_; ++read, at = after(at)) {
      for (std::size_t slot = 0; slot < Line::kSlots; ++slot) {
        if (tag_of(at, slot) == tag) return Slot{at, slot};
      }
      if (first_[at].overflow.load(std::memory_order_relaxed) == 0) return std::nullopt;
    }
    return std::nullopt;
  }

  // Precondition: a slot is free.
  void put(std::uint64_t line_hash, std::uint64_t tag, std::int64_t value, std::uint32_t expires) const {
    std::uint64_t at = home(line_hash);
    for (;; at = after(at)) {
      for (std::size_t slot = 0; slot < Line::kSlots; ++slot) {
        if (tag_of(at, slot) != 0) continue;
        // A reader that finds the new value finds that the tag which stood here before is gone; one that finds the new tag
        // finds the value.
        std::atomic_thread_fence(std::memory_order_release);
        first_[at].set_value(slot, value);
        first_[at].expires[slot].store(expires, std::memory_order_relaxed);
        first_[at].tags[slot].store(tag, std::memory_order_release);
        return;
      }
      add_overflow(at, 1);
    }
  }

  void remove(std::uint64_t line_hash, const Slot& place) const {
    first_[place.line].tags[place.slot].store(0, std::memory_order_release);
    for (std::uint64_t at = home(line_hash); at != place.line; at = after(at)) add_overflow(at, -1);
  }

  void clear() const {
    for (std::uint32_t at = 0; at < count_; ++at) {
      for (auto& tag : first_[at].tags) tag.store(0, std::memory_order_relaxed);
      first_[at].overflow.store(0, std::memory_order_relaxed);
    }
  }

  std::uint64_t tag_of(std::uint64_t line, std::size_t slot) const {
    return first_[line].tags[slot].load(std::memory_order_relaxed);
  }
  std::uint32_t expires_of(std::uint64_t line, std::size_t slot) const {
    return first_[line].expires[slot].load(std::memory_order_relaxed);
  }
  std::uint32_t count() const { return count_; }

 private:
  // The only writer: no read-modify-write is needed.
  void add_overflow(std::uint64_t line, std::int32_t by) const {
    std::atomic<std::uint32_t>& overflow = first_[line].overflow;
    overflow.store(overflow.load(std::memory_order_relaxed) + static_cast<std::uint32_t>(by), std::memory_order_release);
  }

  Line* first_;
  std::uint32_t count_;
};

void add(std::atomic<std::uint64_t>& counter, std::int64_t by) {
  counter.store(counter.load(std::memory_order_relaxed) + static_cast<std::uint64_t>(by), std::memory_order_release);
}

}  // namespace

template <class Line>
IndexTable<Line>::IndexTable(IndexMemory& memory, const IndexHeader& header, const Place& place)
    : memory_(memory),
      header_(header),
      lines_offset_(place.lines_offset),
      live_(place.live),
      newest_(place.newest),
      directory_(reinterpret_cast<std::atomic<std::uint64_t>*>(memory.range().data() + place.directory_offset)),
      start_(memory.range().data()),
      entries_(kSubTables, 0),
      first_expiry_(kSubTables, kNever) {}

template <class Line>
Line* IndexTable<Line>::lines_at(std::uint32_t half, std::uint32_t lines, std::uint64_t sub_table) const {
  std::byte* const half_start = start_ + lines_offset_ + half * half_bytes(header_.max_lines);
  return reinterpret_cast<Line*>(half_start) + sub_table * lines;
}

template <class Line>
SubTableWord IndexTable<Line>::word_of(std::uint64_t sub_table) const {
  return SubTableWord::parse(directory_[sub_table].load(std::memory_order_relaxed));
}

template <class Line>
void IndexTable<Line>::prefetch(const KeyDigest& key) const {
  const SubTableWord word = word_of(key.sub_table);
  __builtin_prefetch(lines_at(word.half, word.lines, key.sub_table) + reduce(key.line_hash, word.lines), 1);
}

template <class Line>
Insertion IndexTable<Line>::insert(const KeyDigest& key, std::int64_t value, std::uint32_t expires) {
  const auto lines_of_key = [&] {
    const SubTableWord word = word_of(key.sub_table);
    return Lines<Line>(lines_at(word.half, word.lines, key.sub_table), word.lines);
  };
  const Lines<Line> lines = lines_of_key();
  if (const auto found = lines.find(key.line_hash, key.tag)) {
    Line& line = lines[found->line];
    line.set_value(found->slot, std::max(line.value(found->slot), value));
    line.expires[found->slot].store(std::max(lines.expires_of(found->line, found->slot), expires), std::memory_order_relaxed);
    announce_change(key.sub_table);
    return Insertion::kMerged;
  }
  if (!make_room(key.sub_table)) return Insertion::kFull;
  // Counted before it is there: a reader passes over a kind of which there is none.
  add(live_[key.tag & 1], 1);
  ++entries_[key.sub_table];
  first_expiry_[key.sub_table] = std::min(first_expiry_[key.sub_table], expires);
  lines_of_key().put(key.line_hash, key.tag, value, expires);
  announce_change(key.sub_table);
  return Insertion::kNew;
}

// Who finds the same word as before finds nothing that was not there before: the entry first, then the word.
template <class Line>
void IndexTable<Line>::announce_change(std::uint64_t sub_table) {
  directory_[sub_table].store(word_of(sub_table).next().word(), std::memory_order_release);
}

// Holds afterwards: the sub-table has room for one more entry where it is, and would have where it is going.
template <class Line>
bool IndexTable<Line>::make_room(std::uint64_t sub_table) {
  const std::uint32_t wanted = entries_[sub_table] + 1;
  if (wanted > most_entries<Line>(lines_)) {
    const std::uint32_t grown = std::min(std::max(lines_ + 1, lines_ + lines_ / 8), header_.max_lines);
    if (grown == lines_ || !finish_move()) return false;
    start_move(grown);
  }
  return wanted <= most_entries<Line>(word_of(sub_table).lines) || move(sub_table);
}

template <class Line>
void IndexTable<Line>::start_move(std::uint32_t lines) {
  old_lines_ = lines_;
  lines_ = lines;
  half_ ^= 1;
  next_ = 0;
  committed_ = 0;
  released_ = 0;
}

template <class Line>
bool IndexTable<Line>::finish_move() {
  for (; next_ < kSubTables; ++next_) {
    if (!move(next_)) return false;
  }
  leave_behind();
  return true;
}

template <class Line>
bool IndexTable<Line>::move_some() {
  if (next_ == kSubTables) return false;
  for (std::uint64_t written = 0; written < kStepLines && next_ < kSubTables; ++next_, written += lines_) {
    if (!move(next_)) return false;  // whoever needs the room is told so
  }
  leave_behind();
  return true;
}

template <class Line>
bool IndexTable<Line>::move(std::uint64_t sub_table) {
  if (is_moved(sub_table)) return true;
  if (!commit_for(sub_table)) return false;
  const SubTableWord old = word_of(sub_table);
  const Lines<Line> from(lines_at(old.half, old.lines, sub_table), old.lines);
  const Lines<Line> to(lines_at(half_, lines_, sub_table), lines_);
  // A reader that lags behind by two moves may be reading here. With the fence, who reads anything of what follows finds
  // that the directory has changed.
  std::atomic_thread_fence(std::memory_order_release);
  to.clear();
  for (std::uint64_t line = 0; line < from.count(); ++line) {
    for (std::size_t slot = 0; slot < Line::kSlots; ++slot) {
      const std::uint64_t tag = from.tag_of(line, slot);
      if (tag != 0) to.put(header_.line_hash(tag), tag, from[line].value(slot), from.expires_of(line, slot));
    }
  }
  const SubTableWord word{lines_, half_, old.next().generation};
  directory_[sub_table].store(word.word(), std::memory_order_release);
  return true;
}

// In their order sub-tables take memory in large pieces; one that goes out of turn takes its own pages.
template <class Line>
bool IndexTable<Line>::commit_for(std::uint64_t sub_table) {
  const std::uint64_t half = lines_offset_ + half_ * half_bytes(header_.max_lines);
  const std::uint64_t total = kSubTables * lines_ * kLineBytes;
  const std::uint64_t begin = sub_table * lines_ * kLineBytes;
  const std::uint64_t end = begin + lines_ * kLineBytes;
  if (end <= committed_) return true;
  if (begin > committed_) {
    const std::uint64_t first = round_down(begin, kPage);
    return memory_.commit(half + first, round_up(end, kPage) - first);
  }
  const std::uint64_t piece = total >= kLargeHalf ? kHugePage : 16 * kPage;
  const std::uint64_t until = std::min(total, round_up(end, piece));
  if (!memory_.commit(half + committed_, until - committed_)) return false;
  committed_ = until;
  return true;
}

// Gives back the half that is being left: what lies before next_, in huge pages and at the end to the last byte.
template <class Line>
void IndexTable<Line>::leave_behind() {
  if (next_ == kSubTables) newest_.store(SubTableWord{lines_, half_, 0}.word(), std::memory_order_relaxed);
  const std::uint64_t left = next_ * old_lines_ * kLineBytes;
  const std::uint64_t until = next_ == kSubTables ? left : round_down(left, kHugePage);
  if (until <= released_) return;
  const std::uint64_t half = lines_offset_ + (half_ ^ 1) * half_bytes(header_.max_lines);
  memory_.release(half + released_, until - released_);
  released_ = until;
}

template <class Line>
bool IndexTable<Line>::shrink_if_sparse() {
  if (next_ != kSubTables) return false;
  const std::uint32_t enough = roomy_lines<Line>(*std::max_element(entries_.begin(), entries_.end()));
  if (enough > lines_ / 4 * 3) return false;
  start_move(enough);
  return true;
}

template <class Line>
bool IndexTable<Line>::purge_step(std::uint32_t until, std::size_t& removed) {
  std::uint64_t looked_at = 0;
  for (std::uint64_t passed = 0; passed < kSubTables; ++passed, purge_at_ = (purge_at_ + 1) % kSubTables) {
    if (first_expiry_[purge_at_] > until) continue;
    if (looked_at >= kPurgeLines) return true;
    purge_sub_table(purge_at_, until, removed);
    looked_at += word_of(purge_at_).lines;
  }
  return false;
}

template <class Line>
void IndexTable<Line>::purge_sub_table(std::uint64_t sub_table, std::uint32_t until, std::size_t& removed) {
  const SubTableWord word = word_of(sub_table);
  const Lines<Line> lines(lines_at(word.half, word.lines, sub_table), word.lines);
  std::uint32_t first_expiry = kNever;
  for (std::uint64_t line = 0; line < lines.count(); ++line) {
    for (std::size_t slot = 0; slot < Line::kSlots; ++slot) {
      const std::uint64_t tag = lines.tag_of(line, slot);
      if (tag == 0) continue;
      const std::uint32_t expires = lines.expires_of(line, slot);
      if (expires > until) {
        first_expiry = std::min(first_expiry, expires);
        continue;
      }
      lines.remove(header_.line_hash(tag), {line, slot});
      add(live_[tag & 1], -1);
      --entries_[sub_table];
      ++removed;
    }
  }
  first_expiry_[sub_table] = first_expiry;
}

template class IndexTable<MemberLine>;
template class IndexTable<ThresholdLine>;

}  // namespace rescind
