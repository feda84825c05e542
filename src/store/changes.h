// What a store is asked to do, and what comes of it: the arguments and outcomes of its operations (store/store.h).
#ifndef RESCIND_STORE_CHANGES_H_
#define RESCIND_STORE_CHANGES_H_

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "domain/api_key.h"
#include "domain/attempt_limit.h"
#include "domain/challenge.h"
#include "domain/email.h"
#include "domain/event.h"
#include "domain/passkey.h"
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

struct PasskeyTaken {};   // by any user
struct ChallengeUsed {};  // before, or void by now

// --- create_user ---
// The passkey with which a user without a password signs up, and the challenge that it has answered; nobody stored that one
// before, so that it is good where nobody has used it.
struct FirstPasskey {
  UserPasskey passkey;
  Challenge answered;
};
struct UserCreated {
  User user;
  std::optional<Session> session;
};
struct CreateUser {
  User user;
  EmailKey email;
  std::optional<Session> session;  // the first one, where the user may have one already
  EventDraft event;
  std::optional<FirstPasskey> passkey = std::nullopt;
};
using CreateUserOutcome = std::variant<UserCreated, EmailTaken, PasskeyTaken, ChallengeUsed>;

// --- import_user ---
using ImportUserOutcome = std::variant<User, EmailTaken>;

// --- change_user ---
// What is present changes. A password hash is only ever replaced by another form of itself here (an upgrade of its
// parameters): where the current one is not `from`, it stays.
struct PasswordUpgrade {
  std::string from;
  std::string to;
};
enum class BlockChange : std::uint8_t { kLift };
struct UserChange {
  std::optional<std::string> name = std::nullopt;
  std::optional<std::vector<std::string>> roles = std::nullopt;
  std::optional<WallTime> email_verified_at = std::nullopt;  // stays where it is set already
  std::optional<PasswordUpgrade> password = std::nullopt;
  std::optional<BlockChange> block = std::nullopt;
};
using ChangeUserOutcome = std::variant<User, UserNotFound>;

// --- create_session ---
enum class MissingUser : std::uint8_t { kRefuse, kCreate };
// How many sessions of the user may be alive (not ended, and neither expired nor idle at the new one's creation).
struct SessionLimit {
  std::size_t most = 0;  // 0: any number
  SessionPolicy::AtLimit at_limit = SessionPolicy::AtLimit::kEvict;
  std::chrono::seconds idle_ttl{0};
  std::string issuer;  // for the revocations of evicted sessions
  std::chrono::seconds token_lifetime{0};
  // Where more sessions have to go, not each gets a revocation of its own: the user's token version is raised before the new
  // session begins, and who stays signed in has to refresh.
  std::size_t most_revocations = std::numeric_limits<std::size_t>::max();
};
// What the user has signed in with, as it was when somebody looked at it. Much may happen between that look and the session.
struct CheckedPassword {
  std::string hash;
};
struct CheckedPasskey {
  PasskeyId id;
};
using Credential = std::variant<CheckedPassword, CheckedPasskey>;
struct CreateSession {
  Session session;
  MissingUser missing_user = MissingUser::kRefuse;
  SessionLimit limit;
  EventDraft event;
  std::optional<Credential> credential = std::nullopt;  // absent where the application vouches for the user
};
struct SessionCreated {
  SessionAndUser subject;
  std::vector<Revocation> evicted;  // of the oldest sessions, ended in the same transaction, or the one of the user
};
struct CredentialReplaced {};  // the user has another password by now, or not this passkey any more
struct UserIsBlocked {
  Block block;
};
struct SessionLimitReached {};
using CreateSessionOutcome = std::variant<SessionCreated, UserNotFound, CredentialReplaced, UserIsBlocked, SessionLimitReached>;

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
// What gives the right to a new password: the current one's hash, or a challenge of kResetPassword that this step uses up.
// Who answers the challenge has the mailbox. Where nobody had shown that before, the address is verified by this step, and the
// passkeys go: anybody may have signed up with this address, and left one. There is an event for the one and for each of those.
struct NewPassword {
  std::string hash;
  std::variant<std::string, ChallengeId> entitled_by;
};
// A new address, which nobody else has. What gives the right to it: a challenge of kChangeEmail that this step uses up, or,
// where there is none, an administrator's word.
struct NewEmail {
  std::string email;
  EmailKey key;
  std::optional<ChallengeId> entitled_by = std::nullopt;
  std::optional<WallTime> verified_at = std::nullopt;  // absent: nobody has shown that it is the user's
};
enum class OtherSessions : std::uint8_t { kEnd, kStaySignedIn };
struct RaiseTokenVersion {
  UserId user;
  std::optional<SessionId> keep;  // this session does not end; its refresh token is rotated
  SessionEnd end;                 // of all others that have not ended, unless they stay
  RevocationOfIssued revocation;  // kUser; its value is the new version
  EventDraft event;
  std::optional<Block> block = std::nullopt;           // set in the same step
  std::optional<NewPassword> password = std::nullopt;  // set in the same step
  std::optional<NewEmail> email = std::nullopt;        // likewise
  UserChange change = {};                              // likewise
  OtherSessions others = OtherSessions::kEnd;          // who stays signed in has to refresh: the access tokens are refused
};
struct NotEntitled {};  // the hash is not current, or the challenge not good (it is used up, though): nothing changed
struct TokenVersionRaised {
  User user;  // with the new version
  Revocation revocation;
  std::optional<Session> kept;  // `keep`, where it belongs to the user and has not ended, with its new generation
};
using RaiseTokenVersionOutcome = std::variant<TokenVersionRaised, UserNotFound, NotEntitled, EmailTaken>;

// --- delete_user ---
struct DeleteUser {
  UserId user;
  RevocationOfIssued revocation;  // kUser; its value is above every version that the user has had
  EventDraft event;
};
using DeleteUserOutcome = std::variant<Revocation, UserNotFound>;

// --- attempts ---
struct AttemptAllowed {};
struct AttemptTooEarly {
  std::chrono::seconds retry_after{0};
};
using BeginAttemptOutcome = std::variant<AttemptAllowed, AttemptTooEarly>;
struct SettledBucket {
  AttemptBucket bucket;
  Settlement settlement = Settlement::kReset;
};

// --- passkeys ---
struct PasskeyAndUser {
  UserPasskey passkey;
  User user;
};
struct AddPasskey {
  UserPasskey passkey;
  ChallengeId answered;  // of kRegisterPasskey and this user; used up in the same step, whatever its outcome
  EventDraft event;
};
struct PasskeyLimitReached {};
using AddPasskeyOutcome = std::variant<UserPasskey, UserNotFound, ChallengeUsed, PasskeyTaken, PasskeyLimitReached>;
struct UsePasskey {
  PasskeyId id;
  std::uint32_t expected_count = 0;
  std::uint32_t count = 0;
  BackupState backup_state = BackupState::kNotBackedUp;
  WallTime now;
  Challenge answered;  // that nobody stored before; used up in the same step
};
enum class LastPasskey : std::uint8_t {
  kStays,  // where it is the user's only way in
  kMayGo
};
struct PasskeyNotUsed {};  // no such passkey, or another use has changed its count meanwhile; nothing changed
using UsePasskeyOutcome = std::variant<UserPasskey, PasskeyNotUsed, ChallengeUsed>;
enum class RemovePasskeyOutcome : std::uint8_t {
  kRemoved,
  kNotFound,     // the user has no such passkey
  kNoOtherWayIn  // see signs_in_by_passkey_only(); with LastPasskey::kStays only
};

// --- API keys ---
struct ApiKeyLimitReached {};
using CreateApiKeyOutcome = std::variant<ApiKey, ApiKeyLimitReached>;

// --- purge ---
struct Purged {
  std::size_t revocations = 0;
  std::size_t sessions = 0;
  std::size_t events = 0;
  std::size_t challenges = 0;
  std::size_t attempts = 0;
  std::size_t api_keys = 0;
};

// --- event cursors ---
// How far one who follows the events has got.
struct EventCursor {
  std::optional<std::uint64_t> passed;  // the seq of the last event that it is done with; absent before the first advance
  std::uint64_t head = 0;               // the highest seq ever given to an event
};

enum class EventOrder : std::uint8_t { kOldestFirst, kNewestFirst };
struct EventFilter {
  std::optional<EventType> type = std::nullopt;
  std::optional<UserId> user = std::nullopt;
  std::uint64_t after_seq = 0;
  std::optional<std::uint64_t> before_seq = std::nullopt;
  EventOrder order = EventOrder::kOldestFirst;
  std::size_t limit = 100;
};

// What a server needs to know at start.
struct StoreState {
  WallTime latest;                                 // the latest moment that any committed change was given
  std::uint64_t head = 0;                          // highest seq ever given to a revocation
  std::chrono::sys_seconds horizon;                // revocations up to here may have been purged
  std::chrono::seconds longest_token_lifetime{0};  // of any access token that may be alive; leeway not included
};

}  // namespace rescind

#endif  // RESCIND_STORE_CHANGES_H_
