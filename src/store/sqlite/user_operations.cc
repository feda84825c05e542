#include "store/sqlite/operations.h"
#include "store/sqlite/rows.h"

namespace rescind::sqlite {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO users (id, email_key, email, name, password_hash, token_version, roles, created_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
constexpr std::string_view kFind = "SELECT " RESCIND_USER_COLUMNS " FROM users u WHERE u.id = ?1";
constexpr std::string_view kFindByEmail = "SELECT " RESCIND_USER_COLUMNS " FROM users u WHERE u.email_key = ?1";
constexpr std::string_view kRename = "UPDATE users SET name = ?2 WHERE id = ?1";

}  // namespace

Result<CreateUserOutcome> create_user(Connection& connection, const User& user, const EmailKey& email, const Session& session,
                                      const EventDraft& event) {
  const auto earlier = find_session(connection, session.id);
  if (earlier && earlier->user.id == user.id) return CreateUserOutcome(*earlier);
  if (find_user_by_email(connection, email)) return CreateUserOutcome(EmailTaken{});
  if (find_user(connection, user.id)) return fail(ErrorCode::kInternal, "the user id is in use");
  if (earlier) return fail(ErrorCode::kInternal, "the session id is in use");
  insert_user(connection, user, email);
  insert_session(connection, session);
  append_event(connection, event);
  return CreateUserOutcome(SessionAndUser{session, user});
}

std::optional<User> find_user_by_email(Connection& connection, const EmailKey& email) {
  Query query = connection.query(kFindByEmail, std::string_view(email.text));
  return query.step() ? std::optional(read_user(query)) : std::nullopt;
}

std::optional<User> find_user(Connection& connection, const UserId& id) {
  Query query = connection.query(kFind, id);
  return query.step() ? std::optional(read_user(query)) : std::nullopt;
}

std::variant<User, UserNotFound> rename_user(Connection& connection, const UserId& id, const std::string& name,
                                             const EventDraft& event) {
  std::optional<User> user = find_user(connection, id);
  if (!user) return UserNotFound{};
  if (user->name != name) {
    user->name = name;
    connection.run(kRename, id, std::string_view(name));
    append_event(connection, event);
  }
  return *user;
}

void insert_user(Connection& connection, const User& user, const std::optional<EmailKey>& email) {
  const std::string roles = join_list(user.roles);
  const auto key = email ? std::optional(std::string_view(email->text)) : std::nullopt;
  connection.run(kInsert, user.id, key, std::string_view(user.email), std::string_view(user.name),
                 std::string_view(user.password_hash), user.token_version, std::string_view(roles), user.created_at);
}

}  // namespace rescind::sqlite
