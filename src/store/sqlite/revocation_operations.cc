#include "store/merge_revocation.h"
#include "store/sqlite/operations.h"
#include "store/sqlite/rows.h"

namespace rescind::sqlite {
namespace {

constexpr std::string_view kFind = "SELECT " RESCIND_REVOCATION_COLUMNS " FROM revocations WHERE key = ?1 AND kind = ?2";
constexpr std::string_view kNextSeq =
    "UPDATE meta SET revocation_head = revocation_head + 1 WHERE id = 1 RETURNING revocation_head";
constexpr std::string_view kInsert = "INSERT INTO revocations (seq, kind, key, value, expires) VALUES (?1, ?2, ?3, ?4, ?5)";
constexpr std::string_view kDelete = "DELETE FROM revocations WHERE seq = ?1";
constexpr std::string_view kList =
    "SELECT " RESCIND_REVOCATION_COLUMNS " FROM revocations WHERE seq > ?1 ORDER BY seq LIMIT ?2";

std::int64_t code_of(RevocationKind kind) { return static_cast<std::int64_t>(kind); }

std::uint64_t take_next_seq(Connection& connection) {
  Query query = connection.query(kNextSeq);
  if (!query.step()) throw_corrupt();
  const std::int64_t seq = query.int64_at(0);
  query.step();  // to its end, or the change is not done
  if (seq <= 0) throw_corrupt();
  return static_cast<std::uint64_t>(seq);
}

}  // namespace

std::optional<Revocation> find_revocation(Connection& connection, RevocationKind kind, const RevocationKey& key) {
  Query query = connection.query(kFind, key, code_of(kind));
  return query.step() ? std::optional(read_revocation(query)) : std::nullopt;
}

MergedRevocation store_revocation(Connection& connection, const RevocationDraft& draft) {
  RevocationDraft wanted = draft;
  if (const auto row = find_revocation(connection, draft.kind, draft.key)) {
    const auto merged = merge_revocation(*row, draft);
    if (!merged) return {*row, false};
    wanted = *merged;
    connection.run(kDelete, to_integer(row->seq));
  }
  const Revocation row{take_next_seq(connection), wanted.kind, wanted.key, wanted.value, wanted.expires};
  connection.run(kInsert, to_integer(row.seq), code_of(row.kind), row.key, row.value, row.expires);
  return {row, true};
}

Revocation add_revocation(Connection& connection, const RevocationDraft& draft, const EventDraft& event) {
  const MergedRevocation merged = store_revocation(connection, draft);
  if (merged.changed) append_event(connection, event);
  return merged.row;
}

std::vector<Revocation> list_revocations(Connection& connection, std::uint64_t after_seq, std::size_t limit) {
  std::vector<Revocation> listed;
  Query query = connection.query(kList, to_integer(after_seq), to_integer(limit));
  while (query.step()) listed.push_back(read_revocation(query));
  return listed;
}

}  // namespace rescind::sqlite
