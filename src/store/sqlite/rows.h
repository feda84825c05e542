// Rows of the tables as values of the domain. A row that no version of this program wrote throws SqliteError (corrupt).
#ifndef RESCIND_STORE_SQLITE_ROWS_H_
#define RESCIND_STORE_SQLITE_ROWS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite/connection.h"
#include "store/store.h"

// As macros, because a statement is one literal.
#define RESCIND_USER_COLUMNS                                                         \
  "u.id, u.email, u.name, u.password_hash, u.token_version, u.roles, u.created_at, " \
  "u.email_verified_at, u.blocked, u.blocked_until, u.block_reason"
#define RESCIND_SESSION_COLUMNS                                                                                          \
  "s.id, s.user_id, s.generation, s.generation_at, s.created_at, s.last_used_at, s.expires_at, s.device, s.user_agent, " \
  "s.address, s.amr, s.client_id, s.claims, s.ended_at, s.end_reason"
#define RESCIND_REVOCATION_COLUMNS "seq, kind, key, value, expires"
#define RESCIND_PASSKEY_COLUMNS                                                                                   \
  "p.id, p.user_id, p.name, p.public_key, p.sign_count, p.backup_eligible, p.backed_up, p.transports, p.aaguid, " \
  "p.created_at, p.last_used_at"
#define RESCIND_API_KEY_COLUMNS "id, name, scopes, secret_digest, created_at, revoked_at"
#define RESCIND_EVENT_COLUMNS "seq, type, user_id, session_id, address, at, detail, made_by"

namespace rescind::sqlite {

inline constexpr int kUserColumnCount = 11;

// `first` is the column at which the columns above begin.
User read_user(const Query& query, int first = 0);
Session read_session(const Query& query, int first = 0);
SessionAndUser read_user_and_session(const Query& query);  // RESCIND_USER_COLUMNS, then RESCIND_SESSION_COLUMNS
Revocation read_revocation(const Query& query);
Event read_event(const Query& query);
Challenge read_challenge(const Query& query);
UserPasskey read_passkey(const Query& query);
ApiKey read_api_key(const Query& query);

// Each text as a netstring, so that any bytes come back as they went in.
std::string join_list(const std::vector<std::string>& texts);
// Absent where `text` is not what join_list() makes.
std::optional<std::vector<std::string>> split_list(std::string_view text);

}  // namespace rescind::sqlite

#endif  // RESCIND_STORE_SQLITE_ROWS_H_
