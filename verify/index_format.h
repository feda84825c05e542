// The bytes of a revocation index; docs/index-format.md describes them for other languages.
//
// Everything that changes is atomic: one writer stores, any number of readers in any process load.
#ifndef RESCIND_VERIFY_INDEX_FORMAT_H_
#define RESCIND_VERIFY_INDEX_FORMAT_H_

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "rescind/index_memory.h"
#include "rescind/revocation.h"

namespace rescind {

static_assert(std::endian::native == std::endian::little, "the format is that of little-endian machines");
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<std::uint32_t>::is_always_lock_free);

inline constexpr std::array<char, 8> kIndexMagic{'R', 'S', 'C', 'I', 'N', 'D', 'E', 'X'};
inline constexpr std::uint32_t kIndexVersion = 1;
inline constexpr std::uint32_t kSubTables = 4096;
inline constexpr std::uint64_t kLineBytes = 64;
inline constexpr std::uint64_t kDirectoryOffset = 4096;
inline constexpr std::uint64_t kHeadBytes = kDirectoryOffset + 2 * kSubTables * sizeof(std::uint64_t);  // header, directories
inline constexpr std::uint64_t kTablesOffset = std::uint64_t{2} << 20;

// Multiply-add-shift over 128 bits, of which the upper 64 are the hash: pairwise independent for random a and b, so that who
// chooses keys without knowing them finds no two that meet more often than by chance.
struct KeyedHash {
  std::uint64_t a_low, a_high, b_low, b_high;

  std::uint64_t operator()(std::uint64_t x) const {
    __extension__ using Wide = unsigned __int128;
    const Wide a = Wide{a_high} << 64 | a_low;
    const Wide b = Wide{b_high} << 64 | b_low;
    return static_cast<std::uint64_t>((a * x + b) >> 64);
  }
};

// Maps a hash to 0 … count - 1 evenly.
inline std::uint64_t reduce(std::uint64_t hash, std::uint64_t count) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((Wide{hash} * count) >> 64);
}

struct IndexHeader {
  // Written before anybody else sees the block, and never changed.
  std::array<char, 8> magic;
  std::uint32_t version;
  std::uint32_t sub_tables;
  std::uint64_t block_bytes;
  std::uint32_t max_lines;
  std::uint32_t reserved;
  std::uint64_t epoch;
  HostId host;
  KeyedHash sub_table_hash;
  KeyedHash line_hash;
  std::uint64_t reserved_too;

  std::atomic<std::uint64_t> head;
  std::atomic<std::int64_t> horizon;                 // unix seconds
  std::atomic<std::int64_t> lease_until;             // nanoseconds of the host's CLOCK_BOOTTIME
  std::array<std::atomic<std::uint64_t>, 4> live;    // entries of each kind, at kind - 1
  std::array<std::atomic<std::uint64_t>, 2> newest;  // of each table: where all sub-tables stand, but while it grows or shrinks
};
static_assert(offsetof(IndexHeader, head) == 128 && sizeof(IndexHeader) == 200);

// A slot is free where its tag is 0. `overflow` counts the entries whose search passes through this line to a later one: where
// it is 0, no search goes on. Tokens and sessions: an entry is there or it is not.
struct MemberLine {
  static constexpr std::size_t kSlots = 5;
  std::array<std::atomic<std::uint64_t>, kSlots> tags;
  std::array<std::atomic<std::uint32_t>, kSlots> expires;
  std::atomic<std::uint32_t> overflow;

  std::int64_t value(std::size_t) const { return 0; }
  void set_value(std::size_t, std::int64_t) {}
};

// Users and not-befores: an entry has a value.
struct ThresholdLine {
  static constexpr std::size_t kSlots = 3;
  std::array<std::atomic<std::uint64_t>, kSlots> tags;
  std::array<std::atomic<std::int64_t>, kSlots> values;
  std::array<std::atomic<std::uint32_t>, kSlots> expires;
  std::atomic<std::uint32_t> overflow;

  std::int64_t value(std::size_t slot) const { return values[slot].load(std::memory_order_relaxed); }
  void set_value(std::size_t slot, std::int64_t value) { values[slot].store(value, std::memory_order_relaxed); }
};
static_assert(sizeof(MemberLine) == kLineBytes && sizeof(ThresholdLine) == kLineBytes);

// An entry of the directory: where a sub-table stands. Sub-table i of L lines takes the lines i*L … i*L + L - 1 of one of the
// two halves of its table. The generation grows with everything that happens to a sub-table but the removal of an entry: no
// word comes back, and where one stands still, no key is there that was not before.
struct SubTableWord {
  std::uint32_t lines = 0;
  std::uint32_t half = 0;        // 1 bit
  std::uint32_t generation = 0;  // 31 bits

  static SubTableWord parse(std::uint64_t word) {
    return {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32 & 1),
            static_cast<std::uint32_t>(word >> 33)};
  }
  SubTableWord next() const { return {lines, half, generation + 1}; }
  std::uint64_t word() const { return std::uint64_t{generation} << 33 | std::uint64_t{half} << 32 | lines; }
};

// What the tables keep of a key: 12 bits of its first half, through the keyed hash, say which sub-table, and 63 bits of its
// second half are the tag. Two keys that agree in both are one entry, which takes about 2^75 keys: a token that nobody revoked
// is refused with a probability of n / 2^75 for each look-up among n entries.
struct KeyDigest {
  std::uint64_t sub_table;
  std::uint64_t tag;        // the lowest bit tells the two kinds of a table apart; never 0
  std::uint64_t line_hash;  // reduced to the number of lines: where the search begins

  KeyDigest(const IndexHeader& header, RevocationKind kind, const RevocationKey& key) {
    std::array<std::uint64_t, 2> words;
    std::memcpy(words.data(), key.bytes.data(), sizeof words);
    sub_table = header.sub_table_hash(words[0]) >> 52;
    const std::uint64_t kind_bit = (static_cast<std::uint64_t>(kind) - 1) & 1;
    tag = (words[1] & ~std::uint64_t{1}) | kind_bit;
    if (tag == 0) tag = 2;
    line_hash = header.line_hash(tag);
  }
};

inline std::uint64_t half_bytes(std::uint32_t max_lines) { return std::uint64_t{max_lines} * kSubTables * kLineBytes; }

}  // namespace rescind

#endif  // RESCIND_VERIFY_INDEX_FORMAT_H_
