#include "rescind/revocation_view.h"

#include "verify/table_view.h"

namespace rescind {
namespace {

const std::byte* start_of(const IndexHeader& header) { return reinterpret_cast<const std::byte*>(&header); }

const std::atomic<std::uint64_t>* directory_of(const IndexHeader& header) {
  return reinterpret_cast<const std::atomic<std::uint64_t>*>(start_of(header) + kDirectoryOffset);
}

TableView<MemberLine> members_of(const IndexHeader& header, std::uint32_t max_lines) {
  return {directory_of(header), reinterpret_cast<const MemberLine*>(start_of(header) + kTablesOffset), max_lines,
          header.newest[0].load(std::memory_order_relaxed)};
}

TableView<ThresholdLine> thresholds_of(const IndexHeader& header, std::uint32_t max_lines) {
  const std::byte* const lines = start_of(header) + kTablesOffset + 2 * half_bytes(max_lines);
  return {directory_of(header) + kSubTables, reinterpret_cast<const ThresholdLine*>(lines), max_lines,
          header.newest[1].load(std::memory_order_relaxed)};
}

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

// One search of a look-up, in two steps, the first done for all searches before the second: what one waits for from memory, all
// wait for together, and some of it comes while the keys of the others are computed.
template <class Line>
class Search {
 public:
  explicit Search(const TableView<Line>& table) : table_(table) {}
  void begin(const IndexHeader& header, RevocationKind kind, const RevocationKey& key) {
    key_.emplace(header, kind, key);
    table_.prefetch(*key_);
  }
  // Adds itself to `look_up`.
  std::optional<std::int64_t> finish(VainLookUp& look_up) const {
    if (!key_) return std::nullopt;
    const Probe probe = table_.find(*key_);
    constexpr std::uint64_t kDirectory = std::is_same_v<Line, MemberLine> ? 0 : kSubTables;
    look_up.sub_tables[look_up.searches++] = static_cast<std::uint16_t>(kDirectory + key_->sub_table);
    look_up.stamp += probe.word;
    return probe.value;
  }

 private:
  const TableView<Line>& table_;
  std::optional<KeyDigest> key_;
};

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
  const auto has_any = [&](RevocationKind kind) { return (kinds & bit_of(kind)) != 0; };
  VainLookUp look_up{.stamp = header_->epoch, .kinds = kinds};
  const TableView<MemberLine> members = members_of(*header_, max_lines_);
  const TableView<ThresholdLine> thresholds = thresholds_of(*header_, max_lines_);
  Search token(members);
  Search session(members);
  Search user(thresholds);
  Search issuer(thresholds);
  Search subject(thresholds);
  Search client(thresholds);

  if (has_any(RevocationKind::kToken)) token.begin(*header_, RevocationKind::kToken, keys.token(claims));
  if (!claims.session_id.empty() && has_any(RevocationKind::kSession)) {
    session.begin(*header_, RevocationKind::kSession, keys.session(claims));
  }
  if (has_any(RevocationKind::kUser)) user.begin(*header_, RevocationKind::kUser, keys.user(claims));
  if (has_any(RevocationKind::kBefore)) {
    issuer.begin(*header_, RevocationKind::kBefore, keys.before_issuer(claims));
    subject.begin(*header_, RevocationKind::kBefore, keys.before_subject(claims));
    if (!claims.client_id.empty()) client.begin(*header_, RevocationKind::kBefore, keys.before_client(claims));
  }

  if (token.finish(look_up)) return RevocationKind::kToken;
  if (session.finish(look_up)) return RevocationKind::kSession;
  const auto least = user.finish(look_up);
  if (least && claims.token_version.value_or(0) < *least) return RevocationKind::kUser;
  const std::int64_t issued_at = claims.issued_at.time_since_epoch().count();
  for (const Search<ThresholdLine>* before : {&issuer, &subject, &client}) {
    const auto not_before = before->finish(look_up);
    if (not_before && issued_at < *not_before) return RevocationKind::kBefore;
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
