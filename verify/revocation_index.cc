#include "rescind/revocation_index.h"

#include <openssl/rand.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <new>
#include <thread>

#include "verify/index_format.h"
#include "verify/index_table.h"

namespace rescind {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kHold = 64;   // entries that are applied under one hold of the mutex
constexpr std::size_t kAhead = 12;  // entries whose memory is on its way

// Unix seconds in 32 bits, until 2106. What is later never expires and what is before 1970 does then: late is waste, early
// would be an accepted token.
std::uint32_t stored_expiry(std::chrono::sys_seconds expires) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(expires.time_since_epoch().count(), 0, kNever));
}

template <class T>
T random_bytes() {
  T value;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&value), sizeof value) != 1) std::abort();
  return value;
}

IndexHeader& format(IndexMemory& memory) {
  const std::span<std::byte> range = memory.range();
  if (!memory.commit(0, kHeadBytes)) std::abort();
  auto* const header = new (range.data()) IndexHeader{};
  header->magic = kIndexMagic;
  header->version = kIndexVersion;
  header->sub_tables = kSubTables;
  header->block_bytes = range.size();
  header->max_lines = static_cast<std::uint32_t>((range.size() - kTablesOffset) / (4 * half_bytes(1)));
  header->epoch = random_bytes<std::uint64_t>();
  header->host = memory.host();
  header->sub_table_hash = random_bytes<KeyedHash>();
  header->line_hash = random_bytes<KeyedHash>();
  header->horizon.store(kLeast, std::memory_order_relaxed);
  header->lease_until.store(kLeast, std::memory_order_relaxed);
  return *header;
}

template <class T>
void raise(std::atomic<T>& atomic, T value) {
  if (atomic.load(std::memory_order_relaxed) < value) atomic.store(value, std::memory_order_release);
}

}  // namespace

struct RevocationIndex::Writer {
  explicit Writer(std::unique_ptr<IndexMemory> given)
      : memory(std::move(given)),
        header(format(*memory)),
        members(*memory, header, {kDirectoryOffset, kTablesOffset, std::span(header.live).first<2>(), header.newest[0]}),
        thresholds(*memory, header,
                   {kDirectoryOffset + kSubTables * sizeof(std::uint64_t), kTablesOffset + 2 * half_bytes(header.max_lines),
                    std::span(header.live).last<2>(), header.newest[1]}) {}

  static bool is_member(RevocationKind kind) { return kind == RevocationKind::kToken || kind == RevocationKind::kSession; }

  void prefetch(const Revocation& revocation) const {
    const KeyDigest key(header, revocation.kind, revocation.key);
    is_member(revocation.kind) ? members.prefetch(key) : thresholds.prefetch(key);
  }

  bool apply(const Revocation& revocation) {
    const KeyDigest key(header, revocation.kind, revocation.key);
    const std::uint32_t expires = stored_expiry(revocation.expires);
    members.move_some();
    thresholds.move_some();
    const Insertion insertion =
        is_member(revocation.kind) ? members.insert(key, 0, expires) : thresholds.insert(key, revocation.value, expires);
    if (insertion == Insertion::kFull) return false;
    raise(header.head, revocation.seq);
    return true;
  }

  bool apply(std::span<const Revocation> revocations) {
    for (std::size_t i = 0; i < std::min(kAhead, revocations.size()); ++i) prefetch(revocations[i]);
    for (std::size_t i = 0; i < revocations.size(); ++i) {
      if (i + kAhead < revocations.size()) prefetch(revocations[i + kAhead]);
      if (!apply(revocations[i])) return false;
    }
    return true;
  }

  // One bounded step; false when nothing is left to remove, and no memory to give back.
  bool purge_step(std::uint32_t until, std::size_t& removed) {
    const bool members_moved = members.move_some();
    const bool thresholds_moved = thresholds.move_some();
    if (members.purge_step(until, removed) || thresholds.purge_step(until, removed)) return true;
    const bool members_shrink = members.shrink_if_sparse();
    const bool thresholds_shrink = thresholds.shrink_if_sparse();
    return members_moved || thresholds_moved || members_shrink || thresholds_shrink;
  }

  const std::unique_ptr<IndexMemory> memory;
  IndexHeader& header;
  std::mutex mutex;              // whoever changes anything that follows, or the block
  std::atomic<int> appliers{0};  // that hold the mutex or wait for it
  IndexTable<MemberLine> members;
  IndexTable<ThresholdLine> thresholds;
};

RevocationIndex::RevocationIndex(std::unique_ptr<IndexMemory> memory)
    : RevocationIndex(std::make_unique<Writer>(std::move(memory))) {}
RevocationIndex::RevocationIndex(std::unique_ptr<Writer> writer) : RevocationView(writer->header), writer_(std::move(writer)) {}
RevocationIndex::~RevocationIndex() = default;

Result<void, IndexError> RevocationIndex::apply(const Revocation& revocation) { return apply(std::span(&revocation, 1)); }

Result<void, IndexError> RevocationIndex::apply(std::span<const Revocation> revocations) {
  while (!revocations.empty()) {
    const std::span<const Revocation> some = revocations.first(std::min(kHold, revocations.size()));
    writer_->appliers.fetch_add(1, std::memory_order_relaxed);
    const bool applied = [&] {
      const std::scoped_lock lock(writer_->mutex);
      return writer_->apply(some);
    }();
    writer_->appliers.fetch_sub(1, std::memory_order_relaxed);
    if (!applied) return Unexpected(IndexError::kFull);
    revocations = revocations.subspan(some.size());
  }
  return {};
}

std::size_t RevocationIndex::purge(std::chrono::sys_seconds until) {
  // First the horizon, then the entries: whoever misses an entry must find the horizon that explains it (see accept()).
  raise_horizon(until);
  if (until < std::chrono::sys_seconds{}) return 0;
  const std::uint32_t last = std::min(stored_expiry(until), kNever - 1);
  std::size_t removed = 0;
  for (bool is_more = true; is_more;) {
    // A mutex goes to whoever comes first, and that would be this loop again.
    while (writer_->appliers.load(std::memory_order_relaxed) != 0) std::this_thread::yield();
    const std::scoped_lock lock(writer_->mutex);
    is_more = writer_->purge_step(last, removed);
  }
  return removed;
}

void RevocationIndex::raise_horizon(std::chrono::sys_seconds horizon) {
  const std::scoped_lock lock(writer_->mutex);
  raise(writer_->header.horizon, std::int64_t{horizon.time_since_epoch().count()});
}

void RevocationIndex::stamp_lease(std::chrono::nanoseconds until_boot_time) {
  writer_->header.lease_until.store(until_boot_time.count(), std::memory_order_release);
}

}  // namespace rescind
