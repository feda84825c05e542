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

#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/error.h"
#include "store/changes.h"

namespace rescind {

class Store {
 public:
  virtual ~Store() = default;

  // Also a probe: answers only where the store can be read and could be written. This and load_revocations() renew a verifier's
  // lease, and are never kOverloaded: else a flood that fills the queues would let the lease run out, and nobody be let in.
  // Nobody calls them for a request, so that only a few can wait at once.
  virtual Task<Result<StoreState>> load_state() = 0;

  // Raises longest_token_lifetime; never lowers it. Called before the first token of that lifetime is signed.
  virtual Task<Result<void>> raise_longest_token_lifetime(std::chrono::seconds lifetime) = 0;

  // The user and, where there is one, the first session and the first passkey, together. Sent again after kStoreUnavailable
  // without a session it may find that it has taken the e-mail address itself.
  virtual Task<Result<CreateUserOutcome>> create_user(CreateUser change) = 0;
  // A user without a session, from another system. The same user id again: the outcome of the first time.
  virtual Task<Result<ImportUserOutcome>> import_user(User user, EmailKey email, EventDraft event) = 0;
  virtual Task<Result<std::optional<User>>> find_user_by_email(EmailKey email) = 0;
  virtual Task<Result<std::optional<User>>> find_user(UserId id) = 0;
  // Writes `event` only where something changes.
  virtual Task<Result<ChangeUserOutcome>> change_user(UserId id, UserChange change, EventDraft event) = 0;
  // With an id greater than `after`, in the order of ids (as bytes), at most `limit`.
  virtual Task<Result<std::vector<User>>> list_users(UserId after, std::size_t limit) = 0;
  // The user, its sessions, passkeys and challenges; its events stay.
  virtual Task<Result<DeleteUserOutcome>> delete_user(DeleteUser change) = 0;

  // With MissingUser::kCreate a user without e-mail and password is made where there is none; where one of that id was deleted
  // and its revocation is alive, its token version goes on from there. The user in the outcome is
  // the one that this transaction saw, so its token version is not older than the session, and it is not blocked. A credential
  // is compared in the same transaction: from a change of the password on no session begins by the one before. The same
  // session id again: the outcome of the first time.
  virtual Task<Result<CreateSessionOutcome>> create_session(CreateSession change) = 0;
  virtual Task<Result<std::optional<SessionAndUser>>> find_session(SessionId id) = 0;

  // Those that have not ended, newest first, at most kMaxListedSessions. Expired ones are among them until purged.
  virtual Task<Result<std::vector<Session>>> list_sessions(UserId user) = 0;

  // Sets the label. False where the user has no such session, or it has ended.
  virtual Task<Result<bool>> rename_session(UserId user, SessionId session, std::string device) = 0;

  // Compare and set: where `expected_generation` is current and the session is alive (decide_session_state() of the domain),
  // generation + 1, with generation_at, last_used_at and address. Nobody needs to look before.
  virtual Task<Result<RotateRefreshOutcome>> rotate_refresh(RotateRefresh change) = 0;

  // The successor once more: where the generation after `expected_generation` is current and the session is alive,
  // last_used_at and address. A change and not a look, so that the token given away is one that the store knows of.
  virtual Task<Result<RotateRefreshOutcome>> repeat_refresh(RotateRefresh change) = 0;

  // Ends the session and adds its revocation. Where `event` names no user, it is the session's.
  virtual Task<Result<RevokeSessionOutcome>> revoke_session(RevokeSession change) = 0;

  // token_version + 1, ends the user's sessions or leaves them, adds the revocation; with a block, a new password, a new
  // address or another change of the user in the same step. EmailTaken uses up the challenge and changes nothing else.
  virtual Task<Result<RaiseTokenVersionOutcome>> raise_token_version(RaiseTokenVersion change) = 0;

  // One row per key. Where a row at least as strict that lives as long exists, that one is returned and nothing changes;
  // otherwise the row takes the stricter value, the later expiry and a new seq.
  virtual Task<Result<Revocation>> add_revocation(RevocationDraft draft, EventDraft event) = 0;

  // Rows with seq > after_seq in the order of seq, at most `limit`.
  virtual Task<Result<std::vector<Revocation>>> list_revocations(std::uint64_t after_seq, std::size_t limit) = 0;
  // The same for a verifier's own use: see load_state().
  virtual Task<Result<std::vector<Revocation>>> load_revocations(std::uint64_t after_seq, std::size_t limit) = 0;

  // Attempts count in all buckets or, where one has to wait, in none.
  virtual Task<Result<BeginAttemptOutcome>> begin_attempt(std::vector<AttemptRule> rules, WallTime now) = 0;
  virtual Task<Result<void>> settle_attempt(std::vector<SettledBucket> buckets, WallTime now) = 0;

  // Drives out the oldest of the same user and purpose beyond kMaxChallengesPerUser.
  virtual Task<Result<void>> create_challenge(Challenge challenge) = 0;
  virtual Task<Result<std::optional<Challenge>>> find_challenge(ChallengeId id) = 0;
  // Uses it up: of many at once exactly one gets it. Absent where there is none of this purpose, where it has expired, and
  // where its user has another token version by now; whatever its id names is gone afterwards, if it was of this purpose.
  virtual Task<Result<std::optional<Challenge>>> consume_challenge(ChallengeId id, ChallengePurpose purpose, WallTime now) = 0;

  // ChallengeUsed where consume_challenge() has none.
  virtual Task<Result<AddPasskeyOutcome>> add_passkey(AddPasskey change) = 0;
  virtual Task<Result<std::optional<PasskeyAndUser>>> find_passkey(PasskeyId id) = 0;
  virtual Task<Result<std::vector<UserPasskey>>> list_passkeys(UserId user) = 0;  // oldest first
  // Compare and set of the signature counter; sets last_used_at and backup_state. Of many uses with one challenge one wins.
  // Sent again after kStoreUnavailable it may find that it has won itself: its challenge is used.
  virtual Task<Result<UsePasskeyOutcome>> use_passkey(UsePasskey change) = 0;
  // False where the user has no such passkey.
  virtual Task<Result<bool>> rename_passkey(UserId user, PasskeyId id, std::string name) = 0;
  virtual Task<Result<RemovePasskeyOutcome>> remove_passkey(UserId user, PasskeyId id, LastPasskey last, EventDraft event) = 0;

  virtual Task<Result<CreateApiKeyOutcome>> create_api_key(ApiKey key, EventDraft event) = 0;
  virtual Task<Result<std::optional<ApiKey>>> find_api_key(ApiKeyId id) = 0;
  virtual Task<Result<std::vector<ApiKey>>> list_api_keys() = 0;  // oldest first, revoked ones too
  // False where there is none, or it was revoked before.
  virtual Task<Result<bool>> revoke_api_key(ApiKeyId id, WallTime now, EventDraft event) = 0;

  virtual Task<Result<void>> append_event(EventDraft event) = 0;
  // By seq. Events have consecutive ones, so that a gap is what has been purged.
  virtual Task<Result<std::vector<Event>>> list_events(EventFilter filter) = 0;
  virtual Task<Result<EventCursor>> load_event_cursor(std::string follower) = 0;
  // Never moves it back.
  virtual Task<Result<void>> advance_event_cursor(std::string follower, std::uint64_t passed) = 0;

  // Removes, at most `limit` of each: revocations with expires <= now; sessions that ended or reached expires_at at least
  // kSessionRetention ago; events older than kEventRetention, and API keys that were revoked earlier than that; challenges that
  // have expired; buckets of attempts that are older than kAttemptRetention. Raises the horizon to `now` in the same
  // transaction.
  virtual Task<Result<Purged>> purge(WallTime now, std::size_t limit) = 0;
};

inline constexpr std::size_t kMaxListedSessions = 1000;
inline constexpr std::chrono::hours kSessionRetention{24};
inline constexpr std::chrono::hours kEventRetention{90 * 24};
inline constexpr std::chrono::hours kAttemptRetention{kTrustAfterSuccess};

}  // namespace rescind

#endif  // RESCIND_STORE_STORE_H_
