#include "rescind/revocation_view.h"

#include <boost/container/static_vector.hpp>

#include "verify/table_view.h"

namespace rescind {
namespace {

constexpr std::uint8_t bit_of(RevocationKind kind) {
  return static_cast<std::uint8_t>(1u << (static_cast<unsigned>(kind) - 1));
}

std::uint8_t kinds_with_entries(const IndexHeader& header) {
  std::uint8_t kinds = 0;
  for (const RevocationKind kind :
       {RevocationKind::kToken, RevocationKind::kSession, RevocationKind::kUser, RevocationKind::kBefore}) {
    if (header.live[static_cast<std::size_t>(kind) - 1].load(std::memory_order_acquire) != 0) kinds |= bit_of(kind);
  }
  return kinds;
}

// Whether there is nothing new where it looked.
bool still_holds(const VainLookUp& last, const IndexHeader& header, std::uint8_t kinds) {
  if (last.kinds != kinds) return false;
  const std::atomic<std::uint64_t>* const directory = directory_of(header);
  std::uint64_t stamp = header.epoch;
  for (std::size_t i = 0; i < last.searches; ++i) stamp += directory[last.sub_tables[i]].load(std::memory_order_acquire);
  return stamp == last.stamp;
}

struct Search {
  RevocationKind kind;
  KeyDigest key;
};
using Searches = boost::container::static_vector<Search, 6>;

// All that can refuse a token with these claims, of the kinds that have entries.
Searches searches_for(const IndexHeader& header, std::uint8_t kinds, const Claims& claims, TokenKeys& keys) {
  Searches searches;
  const auto has_any = [&](RevocationKind kind) { return (kinds & bit_of(kind)) != 0; };
  const auto add = [&](RevocationKind kind, const RevocationKey& key) { searches.push_back({kind, {header, kind, key}}); };
  if (has_any(RevocationKind::kToken)) add(RevocationKind::kToken, keys.token(claims));
  if (has_any(RevocationKind::kSession) && !claims.session_id.empty()) add(RevocationKind::kSession, keys.session(claims));
  if (has_any(RevocationKind::kUser)) add(RevocationKind::kUser, keys.user(claims));
  if (has_any(RevocationKind::kBefore)) {
    add(RevocationKind::kBefore, keys.before_issuer(claims));
    add(RevocationKind::kBefore, keys.before_subject(claims));
    if (!claims.client_id.empty()) add(RevocationKind::kBefore, keys.before_client(claims));
  }
  return searches;
}

bool is_member(RevocationKind kind) { return kind == RevocationKind::kToken || kind == RevocationKind::kSession; }

// Whether an entry of this kind and value refuses a token with these claims.
bool is_refused(const Claims& claims, RevocationKind kind, std::int64_t value) {
  switch (kind) {
    case RevocationKind::kToken:
    case RevocationKind::kSession: return true;
    case RevocationKind::kUser: return claims.token_version.value_or(0) < value;
    case RevocationKind::kBefore: return claims.issued_at.time_since_epoch().count() < value;
  }
  return true;
}

}  // namespace

std::uint64_t index_block_bytes(std::uint32_t max_lines) { return kTablesOffset + 4 * half_bytes(max_lines); }

RevocationView::RevocationView(const IndexHeader& header) : header_(&header), max_lines_(header.max_lines) {}

Result<RevocationView, IndexError> RevocationView::attach(std::span<const std::byte> block) {
  if (block.size() < kTablesOffset) return Unexpected(IndexError::kNotAnIndex);
  const auto& header = *reinterpret_cast<const IndexHeader*>(block.data());
  if (header.magic != kIndexMagic) return Unexpected(IndexError::kNotAnIndex);
  if (header.version != kIndexVersion) return Unexpected(IndexError::kOtherVersion);
  const RevocationView view(header);
  if (header.sub_tables != kSubTables || view.max_lines_ == 0 || view.max_lines_ % 8 != 0 ||
      header.block_bytes != block.size() || index_block_bytes(view.max_lines_) != block.size()) {
    return Unexpected(IndexError::kDamaged);
  }
  return view;
}

std::optional<RevocationKind> RevocationView::find_match(const Claims& claims, TokenKeys& keys) const {
  const std::uint8_t kinds = kinds_with_entries(*header_);
  if (still_holds(keys.last, *header_, kinds)) return std::nullopt;
  const TableView<MemberLine> members = members_of(*header_, max_lines_);
  const TableView<ThresholdLine> thresholds = thresholds_of(*header_, max_lines_);
  const Searches searches = searches_for(*header_, kinds, claims, keys);
  for (const Search& search : searches) is_member(search.kind) ? members.touch(search.key) : thresholds.touch(search.key);
  VainLookUp look_up{.stamp = header_->epoch, .kinds = kinds};
  for (const Search& search : searches) {
    const Probe probe = is_member(search.kind) ? members.find(search.key) : thresholds.find(search.key);
    if (probe.value && is_refused(claims, search.kind, *probe.value)) return search.kind;
    const std::uint64_t directory = is_member(search.kind) ? 0 : kSubTables;
    look_up.sub_tables[look_up.searches++] = static_cast<std::uint16_t>(directory + search.key.sub_table);
    look_up.stamp += probe.word;
  }
  keys.last = look_up;
  return std::nullopt;
}

std::chrono::sys_seconds RevocationView::horizon() const {
  return std::chrono::sys_seconds(std::chrono::seconds(header_->horizon.load(std::memory_order_acquire)));
}

std::uint64_t RevocationView::head() const { return header_->head.load(std::memory_order_acquire); }

std::size_t RevocationView::size() const {
  std::size_t size = 0;
  for (const auto& live : header_->live) size += live.load(std::memory_order_acquire);
  return size;
}

std::uint64_t RevocationView::epoch() const { return header_->epoch; }

HostId RevocationView::host() const { return header_->host; }

bool RevocationView::lease_is_live(std::chrono::nanoseconds boot_time) const {
  return boot_time.count() < header_->lease_until.load(std::memory_order_acquire);
}

}  // namespace rescind
