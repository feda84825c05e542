#include "store/apply_user_change.h"
#include "store/sqlite/operations.h"
#include "store/sqlite/rows.h"

namespace rescind::sqlite {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO users (id, email_key, email, name, password_hash, token_version, roles, created_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
constexpr std::string_view kFind = "SELECT " RESCIND_USER_COLUMNS " FROM users u WHERE u.id = ?1";
constexpr std::string_view kFindByEmail = "SELECT " RESCIND_USER_COLUMNS " FROM users u WHERE u.email_key = ?1";
constexpr std::string_view kList = "SELECT " RESCIND_USER_COLUMNS " FROM users u WHERE u.id > ?1 ORDER BY u.id LIMIT ?2";
constexpr std::string_view kUpdate =
    "UPDATE users SET name = ?2, password_hash = ?3, roles = ?4, email_verified_at = ?5, blocked = ?6, blocked_until = ?7, "
    "block_reason = ?8 WHERE id = ?1";
constexpr std::string_view kSetEmail = "UPDATE users SET email_key = ?2, email = ?3 WHERE id = ?1";
constexpr std::string_view kDeleteSessions = "DELETE FROM sessions WHERE user_id = ?1";
constexpr std::string_view kDeleteChallenges = "DELETE FROM challenges WHERE user_id = ?1";
constexpr std::string_view kDelete = "DELETE FROM users WHERE id = ?1";

}  // namespace

Result<CreateUserOutcome> create_user(Connection& connection, const CreateUser& change) {
  const User& user = change.user;
  const auto earlier = change.session ? find_session(connection, change.session->id) : std::nullopt;
  if (earlier && earlier->user.id == user.id) return CreateUserOutcome(UserCreated{earlier->user, earlier->session});
  if (find_user_by_email(connection, change.email)) return CreateUserOutcome(EmailTaken{});
  if (change.passkey && has_passkey(connection, change.passkey->passkey.passkey.id)) return CreateUserOutcome(PasskeyTaken{});
  if (find_user(connection, user.id)) return fail(ErrorCode::kInternal, "the user id is in use");
  if (earlier) return fail(ErrorCode::kInternal, "the session id is in use");
  if (change.passkey && !add_challenge(connection, change.passkey->answered)) return CreateUserOutcome(ChallengeUsed{});
  insert_user(connection, user, change.email);
  if (change.passkey) insert_passkey(connection, change.passkey->passkey);
  if (change.session) insert_session(connection, *change.session);
  append_event(connection, change.event);
  return CreateUserOutcome(UserCreated{user, change.session});
}

ImportUserOutcome import_user(Connection& connection, const User& user, const EmailKey& email, const EventDraft& event) {
  const std::optional<User> holder = find_user_by_email(connection, email);
  if (holder && holder->id == user.id) return *holder;
  if (holder) return EmailTaken{};
  insert_user(connection, user, email);
  append_event(connection, event);
  return user;
}

std::optional<User> find_user_by_email(Connection& connection, const EmailKey& email) {
  Query query = connection.query(kFindByEmail, std::string_view(email.text));
  return query.step() ? std::optional(read_user(query)) : std::nullopt;
}

std::optional<User> find_user(Connection& connection, const UserId& id) {
  Query query = connection.query(kFind, id);
  return query.step() ? std::optional(read_user(query)) : std::nullopt;
}

ChangeUserOutcome change_user(Connection& connection, const UserId& id, const UserChange& change, const EventDraft& event) {
  std::optional<User> user = find_user(connection, id);
  if (!user) return UserNotFound{};
  User changed = apply_user_change(*user, change);
  if (changed != *user) {
    update_user(connection, changed);
    append_event(connection, event);
  }
  return changed;
}

std::vector<User> list_users(Connection& connection, const UserId& after, std::size_t limit) {
  std::vector<User> listed;
  Query query = connection.query(kList, after, to_integer(limit));
  while (query.step()) listed.push_back(read_user(query));
  return listed;
}

DeleteUserOutcome delete_user(Connection& connection, const DeleteUser& change) {
  const std::optional<User> user = find_user(connection, change.user);
  if (!user) return UserNotFound{};
  remove_passkeys(connection, change.user);
  for (const std::string_view statement : {kDeleteSessions, kDeleteChallenges, kDelete}) {
    connection.run(statement, change.user);
  }
  append_event(connection, change.event);
  const RevocationDraft draft{RevocationKind::kUser, change.revocation.key, user->token_version + 1,
                              expiry_of(connection, change.revocation)};
  return store_revocation(connection, draft).row;
}

// Whoever calls has seen to it that nobody else has the address.
void set_email(Connection& connection, User& user, const NewEmail& fresh) {
  connection.run(kSetEmail, user.id, std::string_view(fresh.key.text), std::string_view(fresh.email));
  user.email = fresh.email;
  user.email_verified_at = fresh.verified_at;
}

// All but what never changes (id, created_at) and what has a statement of its own (e-mail, token_version).
void update_user(Connection& connection, const User& user) {
  const std::string roles = join_list(user.roles);
  const Block block = user.block.value_or(Block{});
  connection.run(kUpdate, user.id, std::string_view(user.name), std::string_view(user.password_hash), std::string_view(roles),
                 user.email_verified_at, std::int64_t{user.block.has_value()}, block.until, std::string_view(block.reason));
}

void insert_user(Connection& connection, const User& user, const std::optional<EmailKey>& email) {
  const std::string roles = join_list(user.roles);
  const auto key = email ? std::optional(std::string_view(email->text)) : std::nullopt;
  connection.run(kInsert, user.id, key, std::string_view(user.email), std::string_view(user.name),
                 std::string_view(user.password_hash), user.token_version, std::string_view(roles), user.created_at);
  if (user.email_verified_at || user.block) update_user(connection, user);
}

}  // namespace rescind::sqlite
