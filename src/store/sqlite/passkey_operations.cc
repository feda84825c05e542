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
constexpr std::string_view kUse = "UPDATE passkeys SET sign_count = ?2, backed_up = ?3, last_used_at = ?4 WHERE id = ?1";
constexpr std::string_view kRename = "UPDATE passkeys SET name = ?3 WHERE id = ?1 AND user_id = ?2";
constexpr std::string_view kRemove = "DELETE FROM passkeys WHERE id = ?1 AND user_id = ?2";
constexpr std::string_view kRemoveAll = "DELETE FROM passkeys WHERE user_id = ?1";

std::span<const std::uint8_t> bytes_of(const std::vector<std::uint8_t>& bytes) { return bytes; }

std::int64_t code_of(BackupState state) { return std::int64_t{state == BackupState::kBackedUp}; }

std::optional<UserPasskey> find_alone(Connection& connection, const PasskeyId& id) {
  Query query = connection.query(kFind, bytes_of(id));
  return query.step() ? std::optional(read_passkey(query)) : std::nullopt;
}

}  // namespace

bool has_passkey(Connection& connection, const PasskeyId& id) { return find_alone(connection, id).has_value(); }

void insert_passkey(Connection& connection, const UserPasskey& passkey) {
  const Passkey& facts = passkey.passkey;
  const std::string transports = join_list(facts.transports);
  connection.run(kInsert, bytes_of(facts.id), passkey.user, std::string_view(passkey.name), bytes_of(facts.public_key),
                 std::int64_t{facts.sign_count}, std::int64_t{facts.backup_eligibility == BackupEligibility::kMultiDevice},
                 code_of(facts.backup_state), std::string_view(transports), std::span<const std::uint8_t>(facts.aaguid),
                 passkey.created_at, passkey.last_used_at);
}

AddPasskeyOutcome add_passkey(Connection& connection, const AddPasskey& change) {
  const UserPasskey& passkey = change.passkey;
  if (!find_user(connection, passkey.user)) return UserNotFound{};
  const auto challenge = consume_challenge(connection, change.answered, ChallengePurpose::kRegisterPasskey, passkey.created_at);
  if (!challenge || challenge->user != passkey.user) return ChallengeUsed{};
  if (has_passkey(connection, passkey.passkey.id)) return PasskeyTaken{};
  if (list_passkeys(connection, passkey.user).size() >= kMaxPasskeysPerUser) return PasskeyLimitReached{};
  insert_passkey(connection, passkey);
  append_event(connection, change.event);
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
  auto passkey = find_alone(connection, change.id);
  if (!passkey || passkey->passkey.sign_count != change.expected_count) return PasskeyNotUsed{};
  if (!add_challenge(connection, change.answered)) return ChallengeUsed{};
  passkey->passkey.sign_count = change.count;
  passkey->passkey.backup_state = change.backup_state;
  passkey->last_used_at = change.now;
  connection.run(kUse, bytes_of(change.id), std::int64_t{change.count}, code_of(change.backup_state), change.now);
  note_time(connection, change.now);
  return std::move(*passkey);
}

bool rename_passkey(Connection& connection, const UserId& user, const PasskeyId& id, const std::string& name) {
  return connection.run(kRename, bytes_of(id), user, std::string_view(name)) != 0;
}

RemovePasskeyOutcome remove_passkey(Connection& connection, const UserId& user, const PasskeyId& id, LastPasskey last,
                                    const EventDraft& event) {
  const auto found = find_passkey(connection, id);
  if (!found || found->user.id != user) return RemovePasskeyOutcome::kNotFound;
  const bool is_only_way_in = signs_in_by_passkey_only(found->user) && list_passkeys(connection, user).size() == 1;
  if (is_only_way_in && last == LastPasskey::kStays) {
    return RemovePasskeyOutcome::kNoOtherWayIn;
  }
  connection.run(kRemove, bytes_of(id), user);
  append_event(connection, event);
  return RemovePasskeyOutcome::kRemoved;
}

std::size_t remove_passkeys(Connection& connection, const UserId& user) { return connection.run(kRemoveAll, user); }

}  // namespace rescind::sqlite
