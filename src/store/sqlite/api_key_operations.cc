#include "store/sqlite/operations.h"
#include "store/sqlite/rows.h"

namespace rescind::sqlite {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO api_keys (id, name, scopes, secret_digest, created_at, revoked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
constexpr std::string_view kFind = "SELECT " RESCIND_API_KEY_COLUMNS " FROM api_keys WHERE id = ?1";
constexpr std::string_view kList = "SELECT " RESCIND_API_KEY_COLUMNS " FROM api_keys ORDER BY rowid";
constexpr std::string_view kCountLive = "SELECT count(*) FROM api_keys WHERE revoked_at IS NULL";
constexpr std::string_view kRevoke = "UPDATE api_keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";

}  // namespace

CreateApiKeyOutcome create_api_key(Connection& connection, const ApiKey& key, const EventDraft& event) {
  if (auto earlier = find_api_key(connection, key.id)) return std::move(*earlier);
  {
    Query live = connection.query(kCountLive);
    if (!live.step()) throw_corrupt();
    if (live.int64_at(0) >= static_cast<std::int64_t>(kMaxApiKeys)) return ApiKeyLimitReached{};
  }
  const std::string scopes = join_list(key.scopes);
  connection.run(kInsert, key.id, std::string_view(key.name), std::string_view(scopes),
                 std::span<const std::uint8_t>(key.secret_digest), key.created_at, key.revoked_at);
  append_event(connection, event);
  return key;
}

std::optional<ApiKey> find_api_key(Connection& connection, const ApiKeyId& id) {
  Query query = connection.query(kFind, id);
  return query.step() ? std::optional(read_api_key(query)) : std::nullopt;
}

std::vector<ApiKey> list_api_keys(Connection& connection) {
  std::vector<ApiKey> listed;
  Query query = connection.query(kList);
  while (query.step()) listed.push_back(read_api_key(query));
  return listed;
}

bool revoke_api_key(Connection& connection, const ApiKeyId& id, WallTime now, const EventDraft& event) {
  if (connection.run(kRevoke, id, now) == 0) return false;
  append_event(connection, event);
  return true;
}

}  // namespace rescind::sqlite
