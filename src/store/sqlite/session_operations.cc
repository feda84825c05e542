#include <algorithm>

#include "store/apply_user_change.h"
#include "store/proved_address.h"
#include "store/session_limit.h"
#include "store/sqlite/operations.h"
#include "store/sqlite/rows.h"

namespace rescind::sqlite {
namespace {

// decide_session_state() with ?3 for now and ?5 for the idle lifetime in milliseconds.
#define RESCIND_SESSION_IS_ALIVE "ended_at IS NULL AND ?3 < expires_at AND ?3 < last_used_at + ?5"

constexpr std::string_view kInsert =
    "INSERT INTO sessions (id, user_id, generation, generation_at, created_at, last_used_at, expires_at, device, "
    "user_agent, address, amr, client_id, claims) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
constexpr std::string_view kFind = "SELECT " RESCIND_USER_COLUMNS ", " RESCIND_SESSION_COLUMNS
                                   " FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ?1";
constexpr std::string_view kList = "SELECT " RESCIND_SESSION_COLUMNS
                                   " FROM sessions s WHERE s.user_id = ?1 AND s.ended_at IS NULL "
                                   "ORDER BY s.created_at DESC, s.id DESC LIMIT ?2";
constexpr std::string_view kRename = "UPDATE sessions SET device = ?3 WHERE id = ?1 AND user_id = ?2 AND ended_at IS NULL";
constexpr std::string_view kRotate =
    "UPDATE sessions SET generation = generation + 1, generation_at = ?3, last_used_at = ?3, address = ?4 "
    "WHERE id = ?1 AND generation = ?2 AND " RESCIND_SESSION_IS_ALIVE;
constexpr std::string_view kRepeat =
    "UPDATE sessions SET last_used_at = ?3, address = ?4 WHERE id = ?1 AND generation = ?2 AND " RESCIND_SESSION_IS_ALIVE;
constexpr std::string_view kEnd = "UPDATE sessions SET ended_at = ?2, end_reason = ?3 WHERE id = ?1 AND ended_at IS NULL";
constexpr std::string_view kEndOthers =
    "UPDATE sessions SET ended_at = ?2, end_reason = ?3 WHERE user_id = ?1 AND ended_at IS NULL AND id IS NOT ?4";
constexpr std::string_view kRotateKept =
    "UPDATE sessions SET generation = generation + 1, generation_at = ?3, last_used_at = ?3 "
    "WHERE id = ?1 AND user_id = ?2 AND ended_at IS NULL";
constexpr std::string_view kRaiseVersion = "UPDATE users SET token_version = token_version + 1 WHERE id = ?1";

std::int64_t milliseconds(std::chrono::milliseconds time) { return time.count(); }
std::int64_t code_of(EndReason reason) { return static_cast<std::int64_t>(reason); }

SessionAndUser load_session(Connection& connection, const SessionId& id) {
  auto found = find_session(connection, id);
  if (!found) throw_corrupt();
  return std::move(*found);
}

// All of them, however many: what list_sessions() leaves out counts, too.
std::vector<SessionId> find_surplus(Connection& connection, const CreateSession& change) {
  if (change.limit.most == 0) return {};
  std::vector<Session> not_ended;
  Query query = connection.query(kList, change.session.user, std::int64_t{-1});
  while (query.step()) not_ended.push_back(read_session(query));
  return surplus_sessions(not_ended, change.session.created_at, change.limit);
}

bool use_up(Connection& connection, const User& user, const ChallengeId& id, ChallengePurpose purpose, WallTime now) {
  const auto challenge = consume_challenge(connection, id, purpose, now);
  return challenge && challenge->user == user.id;
}

bool is_entitled(Connection& connection, const User& user, const NewPassword& password, WallTime now) {
  if (user.password_hash == password.hash) return true;  // sent again, its answer was lost
  if (const auto* hash = std::get_if<std::string>(&password.entitled_by)) return *hash == user.password_hash;
  return use_up(connection, user, std::get<ChallengeId>(password.entitled_by), ChallengePurpose::kResetPassword, now);
}

bool has_credential(Connection& connection, const User& user, const Credential& credential) {
  if (const auto* password = std::get_if<CheckedPassword>(&credential)) return password->hash == user.password_hash;
  const auto found = find_passkey(connection, std::get<CheckedPasskey>(credential).id);
  return found && found->user.id == user.id;
}

void raise_version(Connection& connection, User& user) {
  connection.run(kRaiseVersion, user.id);
  user.token_version += 1;
}

// `user` with the version that the new session's tokens bear.
std::vector<Revocation> evict(Connection& connection, const CreateSession& change, const std::vector<SessionId>& surplus,
                              const User& user) {
  std::vector<Revocation> revocations;
  for (const SessionId& id : surplus) {
    connection.run(kEnd, id, change.session.created_at, code_of(EndReason::kEvicted));
    append_event(connection, eviction_event(change, id));
    if (evicts_by_version(surplus, change.limit)) continue;
    const RevocationDraft draft = eviction(change.limit, id, load_state(connection).latest);
    revocations.push_back(store_revocation(connection, draft).row);
  }
  if (evicts_by_version(surplus, change.limit)) {
    const RevocationDraft draft = eviction_by_version(change.limit, user, load_state(connection).latest);
    revocations.push_back(store_revocation(connection, draft).row);
  }
  return revocations;
}

}  // namespace

Result<CreateSessionOutcome> create_session(Connection& connection, const CreateSession& change) {
  const Session& session = change.session;
  if (const auto earlier = find_session(connection, session.id)) {
    if (earlier->user.id != session.user) return fail(ErrorCode::kInternal, "the session id is in use");
    return CreateSessionOutcome(SessionCreated{*earlier, {}});
  }
  std::optional<User> user = find_user(connection, session.user);
  if (!user && change.missing_user == MissingUser::kRefuse) return CreateSessionOutcome(UserNotFound{});
  if (user && change.credential && !has_credential(connection, *user, *change.credential)) {
    return CreateSessionOutcome(CredentialReplaced{});
  }
  if (user && is_blocked(*user, session.created_at)) return CreateSessionOutcome(UserIsBlocked{*user->block});
  const std::vector<SessionId> surplus = find_surplus(connection, change);
  if (!surplus.empty() && change.limit.at_limit == SessionPolicy::AtLimit::kReject) {
    return CreateSessionOutcome(SessionLimitReached{});
  }
  if (!user) {
    user.emplace();
    user->id = session.user;
    user->created_at = session.created_at;
    const auto deletion = find_revocation(connection, RevocationKind::kUser, user_key(change.limit.issuer, user->id.text));
    if (deletion) user->token_version = std::max(user->token_version, deletion->value);
    insert_user(connection, *user, std::nullopt);
  }
  if (evicts_by_version(surplus, change.limit)) raise_version(connection, *user);
  insert_session(connection, session);
  std::vector<Revocation> evicted = evict(connection, change, surplus, *user);
  append_event(connection, change.event);
  return CreateSessionOutcome(SessionCreated{{session, *user}, std::move(evicted)});
}

std::optional<SessionAndUser> find_session(Connection& connection, const SessionId& id) {
  Query query = connection.query(kFind, id);
  return query.step() ? std::optional(read_user_and_session(query)) : std::nullopt;
}

std::vector<Session> list_sessions(Connection& connection, const UserId& user) {
  std::vector<Session> listed;
  Query query = connection.query(kList, user, std::int64_t{kMaxListedSessions});
  while (query.step()) listed.push_back(read_session(query));
  return listed;
}

bool rename_session(Connection& connection, const UserId& user, const SessionId& session, const std::string& device) {
  return connection.run(kRename, session, user, std::string_view(device)) != 0;
}

RotateRefreshOutcome rotate_refresh(Connection& connection, const RotateRefresh& change) {
  const std::size_t rotated = connection.run(kRotate, change.session, to_integer(change.expected_generation), change.now,
                                             std::string_view(change.address), milliseconds(change.idle_ttl));
  if (rotated == 0) return NotRotated{};
  note_time(connection, change.now);
  return load_session(connection, change.session);
}

RotateRefreshOutcome repeat_refresh(Connection& connection, const RotateRefresh& change) {
  const std::size_t repeated = connection.run(kRepeat, change.session, to_integer(change.expected_generation + 1), change.now,
                                              std::string_view(change.address), milliseconds(change.idle_ttl));
  if (repeated == 0) return NotRotated{};
  note_time(connection, change.now);
  return load_session(connection, change.session);
}

RevokeSessionOutcome revoke_session(Connection& connection, const RevokeSession& change) {
  const std::size_t ended = connection.run(kEnd, change.session, change.end.at, code_of(change.end.reason));
  if (ended == 0) {
    if (!find_session(connection, change.session)) return SessionNotFound{};
    return SessionAlreadyEnded{};
  }
  note_time(connection, change.end.at);
  EventDraft event = change.event;
  if (!event.user) event.user = load_session(connection, change.session).user.id;
  append_event(connection, event);
  const RevocationDraft draft{RevocationKind::kSession, change.revocation.key, 0, expiry_of(connection, change.revocation)};
  return store_revocation(connection, draft).row;
}

RaiseTokenVersionOutcome raise_token_version(Connection& connection, const RaiseTokenVersion& change) {
  std::optional<User> user = find_user(connection, change.user);
  if (!user) return UserNotFound{};
  if (change.password && !is_entitled(connection, *user, *change.password, change.end.at)) return NotEntitled{};
  if (change.email) {
    const NewEmail& fresh = *change.email;
    if (fresh.entitled_by && !use_up(connection, *user, *fresh.entitled_by, ChallengePurpose::kChangeEmail, change.end.at)) {
      return NotEntitled{};
    }
    const std::optional<User> holder = find_user_by_email(connection, fresh.key);
    if (holder && holder->id != user->id) return EmailTaken{};
    set_email(connection, *user, fresh);
  }
  const bool address_proved = proves_address(*user, change);
  if (address_proved) user->email_verified_at = change.end.at;
  if (change.password) user->password_hash = change.password->hash;
  if (change.block) user->block = change.block;
  *user = apply_user_change(std::move(*user), change.change);
  update_user(connection, *user);
  raise_version(connection, *user);
  if (change.others == OtherSessions::kEnd) {
    connection.run(kEndOthers, change.user, change.end.at, code_of(change.end.reason), change.keep);
  }

  std::optional<Session> kept;
  if (change.keep) {
    const std::size_t rotated = connection.run(kRotateKept, *change.keep, change.user, change.end.at);
    if (rotated != 0) kept = load_session(connection, *change.keep).session;
  }
  note_time(connection, change.end.at);
  append_event(connection, change.event);
  if (address_proved) {
    append_event(connection, proved_address_event(change));
    for (std::size_t i = remove_passkeys(connection, change.user); i > 0; --i) {
      append_event(connection, removed_passkey_event(change));
    }
  }
  const RevocationDraft draft{RevocationKind::kUser, change.revocation.key, user->token_version,
                              expiry_of(connection, change.revocation)};
  return TokenVersionRaised{*user, store_revocation(connection, draft).row, kept};
}

void insert_session(Connection& connection, const Session& session) {
  note_time(connection, session.created_at);
  const std::string amr = join_list(session.amr);
  connection.run(kInsert, session.id, session.user, to_integer(session.generation), session.generation_at, session.created_at,
                 session.last_used_at, session.expires_at, std::string_view(session.device),
                 std::string_view(session.user_agent), std::string_view(session.address), std::string_view(amr),
                 std::string_view(session.client_id), std::string_view(session.claims_json));
  if (session.ended) connection.run(kEnd, session.id, session.ended->at, code_of(session.ended->reason));
}

}  // namespace rescind::sqlite
