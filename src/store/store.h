// The store: where users, sessions, revocations and events are durable. A port in the words of the domain.
//
// Every operation is atomic and durable before it completes: when a task returns a value, no crash and no power cut takes
// it back. After kStoreUnavailable the outcome is unknown and the operation may be sent again: the second time finds what
// the first one did (a version raised twice refuses no more than one raised once).
// Where an operation takes an EventDraft, the event is written in the same transaction, and only where something changed.
//
// Implementations pass one contract suite (tests/store_contract). Thread-safety: any thread may call any member.
#ifndef RESCIND_STORE_STORE_H_
#define RESCIND_STORE_STORE_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/async.h"
#include "base/error.h"
#include "domain/email.h"
#include "domain/event.h"
#include "domain/session.h"
#include "domain/user.h"
#include "rescind/revocation.h"

namespace rescind {

// A revocation before the store has numbered it.
struct RevocationDraft {
  RevocationKind kind = RevocationKind::kToken;
  RevocationKey key;
  std::int64_t value = 0;
  std::chrono::sys_seconds expires;
};

struct SessionAndUser {
  Session session;
  User user;
};

struct EmailTaken {};
struct UserNotFound {};
struct SessionNotFound {};

// --- create_user ---
using CreateUserOutcome = std::variant<SessionAndUser, EmailTaken>;

// --- create_session ---
enum class MissingUser : std::uint8_t { kRefuse, kCreate };
using CreateSessionOutcome = std::variant<SessionAndUser, UserNotFound>;

// --- rotate_refresh ---
struct RotateRefresh {
  SessionId session;
  std::uint64_t expected_generation = 0;
  WallTime now;
  std::string address;
  std::chrono::seconds idle_ttl{0};
};
struct NotRotated {};  // another generation is current, or the session has ended or expired, or there is none
using RotateRefreshOutcome = std::variant<SessionAndUser, NotRotated>;

// --- revoke_session ---
// A revocation of tokens that change with the session or user in one step. It expires `token_lifetime` after the latest moment
// that the store has seen, this change included: every token that it must refuse was given away by an earlier change of this
// store and bears no later `iat`, however long the revocation waited in a queue and whatever the clock did meanwhile.
struct RevocationOfIssued {
  RevocationKey key;
  std::chrono::seconds token_lifetime{0};
};

struct RevokeSession {
  SessionId session;
  SessionEnd end;
  RevocationOfIssued revocation;  // kSession
  EventDraft event;
};
struct SessionAlreadyEnded {};
using RevokeSessionOutcome = std::variant<Revocation, SessionAlreadyEnded, SessionNotFound>;

// --- raise_token_version ---
struct RaiseTokenVersion {
  UserId user;
  std::optional<SessionId> keep;  // this session does not end; its refresh token is rotated
  SessionEnd end;                 // of all others that have not ended
  RevocationOfIssued revocation;  // kUser; its value is the new version
  EventDraft event;
};
struct TokenVersionRaised {
  User user;  // with the new version
  Revocation revocation;
  std::optional<Session> kept;  // `keep`, where it belongs to the user and has not ended, with its new generation
};
using RaiseTokenVersionOutcome = std::variant<TokenVersionRaised, UserNotFound>;

// --- purge ---
struct Purged {
  std::size_t revocations = 0;
  std::size_t sessions = 0;
  std::size_t events = 0;
};

struct EventFilter {
  std::optional<EventType> type = std::nullopt;
  std::optional<UserId> user = std::nullopt;
  std::uint64_t after_seq = 0;
  std::size_t limit = 100;
};

// What a server needs to know at start.
struct StoreState {
  WallTime latest;                                 // the latest moment that any committed change was given
  std::uint64_t head = 0;                          // highest seq ever given to a revocation
  std::chrono::sys_seconds horizon;                // revocations up to here may have been purged
  std::chrono::seconds longest_token_lifetime{0};  // of any access token that may be alive; leeway not included
};

class Store {
 public:
  virtual ~Store() = default;

  // Also a probe: answers only where the store can be read and could be written. This and load_revocations() renew a verifier's
  // lease, and are never kOverloaded: else a flood that fills the queues would let the lease run out, and nobody be let in.
  // Nobody calls them for a request, so that only a few can wait at once.
  virtual Task<Result<StoreState>> load_state() = 0;

  // Raises longest_token_lifetime; never lowers it. Called before the first token of that lifetime is signed.
  virtual Task<Result<void>> raise_longest_token_lifetime(std::chrono::seconds lifetime) = 0;

  // The user and the first session, together.
  virtual Task<Result<CreateUserOutcome>> create_user(User user, EmailKey email, Session session, EventDraft event) = 0;
  virtual Task<Result<std::optional<User>>> find_user_by_email(EmailKey email) = 0;
  virtual Task<Result<std::optional<User>>> find_user(UserId id) = 0;
  virtual Task<Result<std::variant<User, UserNotFound>>> rename_user(UserId id, std::string name, EventDraft event) = 0;

  // With MissingUser::kCreate a user without e-mail and password is made where there is none. The user in the outcome is
  // the one that this transaction saw, so its token version is not older than the session. The same session id again: the
  // outcome of the first time.
  virtual Task<Result<CreateSessionOutcome>> create_session(Session session, MissingUser missing_user, EventDraft event) = 0;
  virtual Task<Result<std::optional<SessionAndUser>>> find_session(SessionId id) = 0;

  // Those that have not ended, newest first, at most kMaxListedSessions. Expired ones are among them until purged.
  virtual Task<Result<std::vector<Session>>> list_sessions(UserId user) = 0;

  // Compare and set: where `expected_generation` is current and the session is alive (decide_session_state() of the domain),
  // generation + 1, with generation_at, last_used_at and address. Nobody needs to look before.
  virtual Task<Result<RotateRefreshOutcome>> rotate_refresh(RotateRefresh change) = 0;

  // The successor once more: where the generation after `expected_generation` is current and the session is alive,
  // last_used_at and address. A change and not a look, so that the token given away is one that the store knows of.
  virtual Task<Result<RotateRefreshOutcome>> repeat_refresh(RotateRefresh change) = 0;

  // Ends the session and adds its revocation. Where `event` names no user, it is the session's.
  virtual Task<Result<RevokeSessionOutcome>> revoke_session(RevokeSession change) = 0;

  // token_version + 1, ends the user's sessions, adds the revocation.
  virtual Task<Result<RaiseTokenVersionOutcome>> raise_token_version(RaiseTokenVersion change) = 0;

  // One row per key. Where a row at least as strict that lives as long exists, that one is returned and nothing changes;
  // otherwise the row takes the stricter value, the later expiry and a new seq.
  virtual Task<Result<Revocation>> add_revocation(RevocationDraft draft, EventDraft event) = 0;

  // Rows with seq > after_seq in the order of seq, at most `limit`.
  virtual Task<Result<std::vector<Revocation>>> list_revocations(std::uint64_t after_seq, std::size_t limit) = 0;
  // The same for a verifier's own use: see load_state().
  virtual Task<Result<std::vector<Revocation>>> load_revocations(std::uint64_t after_seq, std::size_t limit) = 0;

  virtual Task<Result<void>> append_event(EventDraft event) = 0;
  virtual Task<Result<std::vector<Event>>> list_events(EventFilter filter) = 0;

  // Removes, at most `limit` of each: revocations with expires <= now; sessions that ended or reached expires_at at least
  // kSessionRetention ago; events older than kEventRetention. Raises the horizon to `now` in the same transaction.
  virtual Task<Result<Purged>> purge(WallTime now, std::size_t limit) = 0;
};

inline constexpr std::size_t kMaxListedSessions = 1000;
inline constexpr std::chrono::hours kSessionRetention{24};
inline constexpr std::chrono::hours kEventRetention{90 * 24};

}  // namespace rescind

#endif  // RESCIND_STORE_STORE_H_
