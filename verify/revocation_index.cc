#include "rescind/revocation_index.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace rescind {
namespace {

constexpr std::size_t kShards = 64;
constexpr std::size_t kKinds = 5;         // RevocationKind starts at 1
constexpr std::size_t kPurgeStep = 1024;  // buckets and rows looked at under one lock hold

struct RowKey {
  RevocationKind kind;
  RevocationKey key;
  bool operator==(const RowKey&) const = default;
};

struct Row {
  std::int64_t value;
  std::chrono::sys_seconds expires;
};

__extension__ using Wide = unsigned __int128;

// Keyed with per-index random words. A key is a SHA-256 prefix, but one who chooses a `jti` can search offline for keys
// that meet in one bucket.
struct RowHash {
  std::size_t operator()(const RowKey& row) const {
    std::uint64_t low;
    std::uint64_t high;
    std::memcpy(&low, row.key.bytes.data(), sizeof low);
    std::memcpy(&high, row.key.bytes.data() + sizeof low, sizeof high);
    const Wide product = static_cast<Wide>(low ^ seed[0]) * (high ^ seed[1]);
    return static_cast<std::size_t>(product) ^ static_cast<std::size_t>(product >> 64);
  }
  std::array<std::uint64_t, 2> seed;
};

using Rows = std::unordered_map<RowKey, Row, RowHash>;

struct alignas(64) Shard {
  mutable std::shared_mutex mutex;
  Rows rows;
};

template <class T>
void raise(std::atomic<T>& atomic, T value) {
  T current = atomic.load(std::memory_order_relaxed);
  while (current < value && !atomic.compare_exchange_weak(current, value, std::memory_order_acq_rel)) {
  }
}

std::array<std::uint64_t, 2> random_seed() {
  std::array<std::uint64_t, 2> seed{};
  if (RAND_bytes(reinterpret_cast<unsigned char*>(seed.data()), sizeof seed) != 1) std::abort();
  return seed;
}

}  // namespace

struct IndexState {
  IndexState() : hash{random_seed()} {
    for (Shard& shard : shards) shard.rows = Rows(0, hash);
  }

  Shard& shard_of(const RowKey& key) { return shards[hash(key) >> 58]; }

  std::optional<std::int64_t> find(RevocationKind kind, const RevocationKey& key) {
    const RowKey row_key{kind, key};
    const Shard& shard = shard_of(row_key);
    const std::shared_lock lock(shard.mutex);
    const auto row = shard.rows.find(row_key);
    if (row == shard.rows.end()) return std::nullopt;
    return row->second.value;
  }

  bool has_any(RevocationKind kind) const { return live[static_cast<std::size_t>(kind)].load(std::memory_order_acquire) != 0; }
  bool is_before(const RevocationKey& key, std::int64_t issued_at) {
    const std::optional<std::int64_t> not_before = find(RevocationKind::kBefore, key);
    return not_before && issued_at < *not_before;
  }

  std::size_t purge_shard(Shard& shard, std::chrono::sys_seconds now);

  const RowHash hash;
  std::array<Shard, kShards> shards;
  std::array<std::atomic<std::size_t>, kKinds> live{};  // rows of each kind; changed under the shard's lock
  std::atomic<std::int64_t> horizon{std::numeric_limits<std::int64_t>::min()};
  std::atomic<std::uint64_t> head{0};
};

RevocationIndex::RevocationIndex() : RevocationIndex(std::make_unique<IndexState>()) {}
RevocationIndex::RevocationIndex(std::unique_ptr<IndexState> owned) : RevocationView(*owned), owned_(std::move(owned)) {}
RevocationIndex::~RevocationIndex() = default;

Result<void, IndexError> RevocationIndex::apply(const Revocation& revocation) {
  const RowKey key{revocation.kind, revocation.key};
  {
    Shard& shard = state_->shard_of(key);
    const std::unique_lock lock(shard.mutex);
    const auto [row, is_new] = shard.rows.try_emplace(key, Row{revocation.value, revocation.expires});
    if (is_new) {
      // Before the lock goes: whoever merges into this row and returns must find the kind counted.
      state_->live[static_cast<std::size_t>(key.kind)].fetch_add(1, std::memory_order_release);
    } else {
      row->second.value = std::max(row->second.value, revocation.value);
      row->second.expires = std::max(row->second.expires, revocation.expires);
    }
  }
  raise(state_->head, revocation.seq);
  return {};
}

Result<void, IndexError> RevocationIndex::apply(std::span<const Revocation> revocations) {
  for (const Revocation& revocation : revocations) {
    Result<void, IndexError> applied = apply(revocation);
    if (!applied) return applied;
  }
  return {};
}

std::optional<RevocationKind> RevocationView::find_match(const Claims& claims, TokenKeys& keys) const {
  IndexState& state = *state_;
  if (state.has_any(RevocationKind::kToken) && state.find(RevocationKind::kToken, keys.token(claims))) {
    return RevocationKind::kToken;
  }
  if (!claims.session_id.empty() && state.has_any(RevocationKind::kSession) &&
      state.find(RevocationKind::kSession, keys.session(claims))) {
    return RevocationKind::kSession;
  }
  if (state.has_any(RevocationKind::kUser)) {
    const auto least = state.find(RevocationKind::kUser, keys.user(claims));
    if (least && claims.token_version.value_or(0) < *least) return RevocationKind::kUser;
  }
  if (state.has_any(RevocationKind::kBefore)) {
    const std::int64_t issued_at = claims.issued_at.time_since_epoch().count();
    if (state.is_before(keys.before_issuer(claims), issued_at) || state.is_before(keys.before_subject(claims), issued_at) ||
        (!claims.client_id.empty() && state.is_before(keys.before_client(claims), issued_at))) {
      return RevocationKind::kBefore;
    }
  }
  return std::nullopt;
}

// Readers wait for at most kPurgeStep rows. A rehash between two holds moves rows to other buckets: start again.
std::size_t IndexState::purge_shard(Shard& shard, std::chrono::sys_seconds now) {
  std::size_t removed = 0;
  std::size_t bucket = 0;
  std::size_t bucket_count = 0;
  std::vector<RowKey> expired;
  while (true) {
    const std::unique_lock lock(shard.mutex);
    if (shard.rows.bucket_count() != bucket_count) {
      bucket = 0;
      bucket_count = shard.rows.bucket_count();
    }
    expired.clear();
    for (std::size_t looked = 0; looked < kPurgeStep && bucket < bucket_count; ++bucket, ++looked) {
      for (auto row = shard.rows.begin(bucket); row != shard.rows.end(bucket); ++row, ++looked) {
        if (row->second.expires <= now) expired.push_back(row->first);
      }
    }
    for (const RowKey& key : expired) {
      shard.rows.erase(key);
      live[static_cast<std::size_t>(key.kind)].fetch_sub(1, std::memory_order_release);
    }
    removed += expired.size();
    if (bucket == bucket_count) return removed;
  }
}

std::size_t RevocationIndex::purge(std::chrono::sys_seconds until) {
  // First the horizon, then the rows: whoever misses a row must find the horizon that explains it (see accept()).
  raise_horizon(until);
  std::size_t removed = 0;
  for (Shard& shard : state_->shards) removed += state_->purge_shard(shard, until);
  return removed;
}

std::chrono::sys_seconds RevocationView::horizon() const {
  return std::chrono::sys_seconds(std::chrono::seconds(state_->horizon.load(std::memory_order_acquire)));
}

void RevocationIndex::raise_horizon(std::chrono::sys_seconds horizon) {
  raise(state_->horizon, std::int64_t{horizon.time_since_epoch().count()});
}

std::uint64_t RevocationView::head() const { return state_->head.load(std::memory_order_acquire); }

std::size_t RevocationView::size() const {
  std::size_t size = 0;
  for (const auto& live : state_->live) size += live.load(std::memory_order_acquire);
  return size;
}

}  // namespace rescind
