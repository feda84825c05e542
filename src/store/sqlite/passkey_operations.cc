#include "store/sqlite/operations.h"
#include "store/sqlite/rows.h"

namespace rescind::sqlite {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO passkeys (id, user_id, name, public_key, sign_count, backup_eligible, backed_up, transports, aaguid, "
    "created_at, last_used_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
constexpr std::string_view kFind = "SELECT " RESCIND_PASSKEY_COLUMNS " FROM passkeys p WHERE p.id = ?1";
constexpr std::string_view kList =
    "SELECT " RESCIND_PASSKEY_COLUMNS " FROM passkeys p WHERE p.user_id = ?1 ORDER BY p.created_at, p.id LIMIT ?2";
constexpr std::string_view kUse =
    "UPDATE passkeys SET sign_count = ?3, backed_up = ?4, last_used_at = ?5 WHERE id = ?1 AND sign_count = ?2";
constexpr std::string_view kRename = "UPDATE passkeys SET name = ?3 WHERE id = ?1 AND user_id = ?2";
constexpr std::string_view kRemove = "DELETE FROM passkeys WHERE id = ?1 AND user_id = ?2";

std::span<const std::uint8_t> bytes_of(const std::vector<std::uint8_t>& bytes) { return bytes; }

std::int64_t code_of(BackupState state) { return std::int64_t{state == BackupState::kBackedUp}; }

std::optional<UserPasskey> find_alone(Connection& connection, const PasskeyId& id) {
  Query query = connection.query(kFind, bytes_of(id));
  return query.step() ? std::optional(read_passkey(query)) : std::nullopt;
}

}  // namespace

AddPasskeyOutcome add_passkey(Connection& connection, const UserPasskey& passkey, const EventDraft& event) {
  if (!find_user(connection, passkey.user)) return UserNotFound{};
  const Passkey& facts = passkey.passkey;
  if (find_alone(connection, facts.id)) return PasskeyTaken{};
  if (list_passkeys(connection, passkey.user).size() >= kMaxPasskeysPerUser) return PasskeyLimitReached{};
  const std::string transports = join_list(facts.transports);
  connection.run(kInsert, bytes_of(facts.id), passkey.user, std::string_view(passkey.name), bytes_of(facts.public_key),
                 std::int64_t{facts.sign_count}, std::int64_t{facts.backup_eligibility == BackupEligibility::kMultiDevice},
                 code_of(facts.backup_state), std::string_view(transports), std::span<const std::uint8_t>(facts.aaguid),
                 passkey.created_at, passkey.last_used_at);
  append_event(connection, event);
  return passkey;
}

std::optional<PasskeyAndUser> find_passkey(Connection& connection, const PasskeyId& id) {
  auto passkey = find_alone(connection, id);
  if (!passkey) return std::nullopt;
  auto user = find_user(connection, passkey->user);
  if (!user) return std::nullopt;  // deleted between the two looks
  return PasskeyAndUser{std::move(*passkey), std::move(*user)};
}

std::vector<UserPasskey> list_passkeys(Connection& connection, const UserId& user) {
  std::vector<UserPasskey> listed;
  Query query = connection.query(kList, user, std::int64_t{kMaxPasskeysPerUser});
  while (query.step()) listed.push_back(read_passkey(query));
  return listed;
}

UsePasskeyOutcome use_passkey(Connection& connection, const UsePasskey& change) {
  const std::size_t used = connection.run(kUse, bytes_of(change.id), std::int64_t{change.expected_count},
                                          std::int64_t{change.count}, code_of(change.backup_state), change.now);
  if (used == 0) return PasskeyNotUsed{};
  note_time(connection, change.now);
  auto passkey = find_alone(connection, change.id);
  if (!passkey) throw_corrupt();
  return std::move(*passkey);
}

bool rename_passkey(Connection& connection, const UserId& user, const PasskeyId& id, const std::string& name) {
  return connection.run(kRename, bytes_of(id), user, std::string_view(name)) != 0;
}

bool remove_passkey(Connection& connection, const UserId& user, const PasskeyId& id, const EventDraft& event) {
  if (connection.run(kRemove, bytes_of(id), user) == 0) return false;
  append_event(connection, event);
  return true;
}

}  // namespace rescind::sqlite
