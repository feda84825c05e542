// The operations of store.h on a connection. Those that change something run inside the writer's transaction; each that only
// reads is one statement, so that it sees one moment. They throw SqliteError.
#ifndef RESCIND_STORE_SQLITE_OPERATIONS_H_
#define RESCIND_STORE_SQLITE_OPERATIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "store/sqlite/connection.h"
#include "store/store.h"

namespace rescind::sqlite {

// state_operations.cc
StoreState load_state(Connection& connection);
void note_time(Connection& connection, WallTime moment);
std::chrono::sys_seconds expiry_of(Connection& connection, const RevocationOfIssued& revocation);
void raise_longest_token_lifetime(Connection& connection, std::chrono::seconds lifetime);
Purged purge(Connection& connection, WallTime now, std::size_t limit);

// user_operations.cc
Result<CreateUserOutcome> create_user(Connection& connection, const CreateUser& change);
ImportUserOutcome import_user(Connection& connection, const User& user, const EmailKey& email, const EventDraft& event);
std::optional<User> find_user_by_email(Connection& connection, const EmailKey& email);
std::optional<User> find_user(Connection& connection, const UserId& id);
ChangeUserOutcome change_user(Connection& connection, const UserId& id, const UserChange& change, const EventDraft& event);
std::vector<User> list_users(Connection& connection, const UserId& after, std::size_t limit);
DeleteUserOutcome delete_user(Connection& connection, const DeleteUser& change);
void update_user(Connection& connection, const User& user);
void set_email(Connection& connection, User& user, const NewEmail& fresh);  // in `user` too; email_verified_at there alone
void insert_user(Connection& connection, const User& user, const std::optional<EmailKey>& email);

// session_operations.cc
Result<CreateSessionOutcome> create_session(Connection& connection, const CreateSession& change);
std::optional<SessionAndUser> find_session(Connection& connection, const SessionId& id);
std::vector<Session> list_sessions(Connection& connection, const UserId& user);
bool rename_session(Connection& connection, const UserId& user, const SessionId& session, const std::string& device);
RotateRefreshOutcome rotate_refresh(Connection& connection, const RotateRefresh& change);
RotateRefreshOutcome repeat_refresh(Connection& connection, const RotateRefresh& change);
RevokeSessionOutcome revoke_session(Connection& connection, const RevokeSession& change);
RaiseTokenVersionOutcome raise_token_version(Connection& connection, const RaiseTokenVersion& change);
void insert_session(Connection& connection, const Session& session);

// revocation_operations.cc
struct MergedRevocation {
  Revocation row;
  bool changed = false;
};
std::optional<Revocation> find_revocation(Connection& connection, RevocationKind kind, const RevocationKey& key);
MergedRevocation store_revocation(Connection& connection, const RevocationDraft& draft);
Revocation add_revocation(Connection& connection, const RevocationDraft& draft, const EventDraft& event);
std::vector<Revocation> list_revocations(Connection& connection, std::uint64_t after_seq, std::size_t limit);

// attempt_operations.cc
BeginAttemptOutcome begin_attempt(Connection& connection, const std::vector<AttemptRule>& rules, WallTime now);
void settle_attempt(Connection& connection, const std::vector<SettledBucket>& buckets, WallTime now);

// challenge_operations.cc
bool add_challenge(Connection& connection, const Challenge& challenge);  // false where its id is here
void create_challenge(Connection& connection, const Challenge& challenge);
std::optional<Challenge> find_challenge(Connection& connection, const ChallengeId& id);
std::optional<Challenge> consume_challenge(Connection& connection, const ChallengeId& id, ChallengePurpose purpose,
                                           WallTime now);

// passkey_operations.cc
void insert_passkey(Connection& connection, const UserPasskey& passkey);
bool has_passkey(Connection& connection, const PasskeyId& id);
AddPasskeyOutcome add_passkey(Connection& connection, const AddPasskey& change);
std::optional<PasskeyAndUser> find_passkey(Connection& connection, const PasskeyId& id);
std::vector<UserPasskey> list_passkeys(Connection& connection, const UserId& user);
UsePasskeyOutcome use_passkey(Connection& connection, const UsePasskey& change);
bool rename_passkey(Connection& connection, const UserId& user, const PasskeyId& id, const std::string& name);
RemovePasskeyOutcome remove_passkey(Connection& connection, const UserId& user, const PasskeyId& id, LastPasskey last,
                                    const EventDraft& event);
std::size_t remove_passkeys(Connection& connection, const UserId& user);  // all of them, without a word; how many they were

// api_key_operations.cc
CreateApiKeyOutcome create_api_key(Connection& connection, const ApiKey& key, const EventDraft& event);
std::optional<ApiKey> find_api_key(Connection& connection, const ApiKeyId& id);
std::vector<ApiKey> list_api_keys(Connection& connection);
bool revoke_api_key(Connection& connection, const ApiKeyId& id, WallTime now, const EventDraft& event);

// event_operations.cc
void append_event(Connection& connection, const EventDraft& event);
std::vector<Event> list_events(Connection& connection, const EventFilter& filter);
EventCursor load_event_cursor(Connection& connection, const std::string& follower);
void advance_event_cursor(Connection& connection, const std::string& follower, std::uint64_t passed);

// A count or a sequence number as SQLite's integer; what does not fit becomes the greatest.
std::int64_t to_integer(std::uint64_t number);

}  // namespace rescind::sqlite

#endif  // RESCIND_STORE_SQLITE_OPERATIONS_H_
