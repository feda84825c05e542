// The store of `store.url = "memory:"`: nothing outlives the process. For development and tests.
//
// Every task completes inline, without suspending, so that a simulation on one thread replays exactly. snapshot() gives
// what a crash would leave, as every operation is "durable" when it completes.
//
// Thread-safety: any thread may call any member; each operation holds one mutex and no operation waits.
#ifndef RESCIND_STORE_MEMORY_MEMORY_STORE_H_
#define RESCIND_STORE_MEMORY_MEMORY_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "store/memory/memory_state.h"
#include "store/store.h"

namespace rescind {

class MemoryStore final : public Store {
 public:
  MemoryStore() = default;
  explicit MemoryStore(MemoryState state) : state_(std::move(state)) {}

  MemoryState snapshot() const;

  Task<Result<StoreState>> load_state() override;
  Task<Result<void>> raise_longest_token_lifetime(std::chrono::seconds lifetime) override;
  Task<Result<CreateUserOutcome>> create_user(CreateUser change) override;
  Task<Result<ImportUserOutcome>> import_user(User user, EmailKey email, EventDraft event) override;
  Task<Result<std::optional<User>>> find_user_by_email(EmailKey email) override;
  Task<Result<std::optional<User>>> find_user(UserId id) override;
  Task<Result<ChangeUserOutcome>> change_user(UserId id, UserChange change, EventDraft event) override;
  Task<Result<std::vector<User>>> list_users(UserId after, std::size_t limit) override;
  Task<Result<DeleteUserOutcome>> delete_user(DeleteUser change) override;
  Task<Result<CreateSessionOutcome>> create_session(CreateSession change) override;
  Task<Result<std::optional<SessionAndUser>>> find_session(SessionId id) override;
  Task<Result<std::vector<Session>>> list_sessions(UserId user) override;
  Task<Result<bool>> rename_session(UserId user, SessionId session, std::string device) override;
  Task<Result<RotateRefreshOutcome>> rotate_refresh(RotateRefresh change) override;
  Task<Result<RotateRefreshOutcome>> repeat_refresh(RotateRefresh change) override;
  Task<Result<RevokeSessionOutcome>> revoke_session(RevokeSession change) override;
  Task<Result<RaiseTokenVersionOutcome>> raise_token_version(RaiseTokenVersion change) override;
  Task<Result<Revocation>> add_revocation(RevocationDraft draft, EventDraft event) override;
  Task<Result<std::vector<Revocation>>> list_revocations(std::uint64_t after_seq, std::size_t limit) override;
  Task<Result<std::vector<Revocation>>> load_revocations(std::uint64_t after_seq, std::size_t limit) override;
  Task<Result<BeginAttemptOutcome>> begin_attempt(std::vector<AttemptRule> rules, WallTime now) override;
  Task<Result<void>> settle_attempt(std::vector<SettledBucket> buckets, WallTime now) override;
  Task<Result<void>> create_challenge(Challenge challenge) override;
  Task<Result<std::optional<Challenge>>> find_challenge(ChallengeId id) override;
  Task<Result<std::optional<Challenge>>> consume_challenge(ChallengeId id, ChallengePurpose purpose, WallTime now) override;
  Task<Result<AddPasskeyOutcome>> add_passkey(AddPasskey change) override;
  Task<Result<std::optional<PasskeyAndUser>>> find_passkey(PasskeyId id) override;
  Task<Result<std::vector<UserPasskey>>> list_passkeys(UserId user) override;
  Task<Result<UsePasskeyOutcome>> use_passkey(UsePasskey change) override;
  Task<Result<bool>> rename_passkey(UserId user, PasskeyId id, std::string name) override;
  Task<Result<RemovePasskeyOutcome>> remove_passkey(UserId user, PasskeyId id, LastPasskey last, EventDraft event) override;
  Task<Result<CreateApiKeyOutcome>> create_api_key(ApiKey key, EventDraft event) override;
  Task<Result<std::optional<ApiKey>>> find_api_key(ApiKeyId id) override;
  Task<Result<std::vector<ApiKey>>> list_api_keys() override;
  Task<Result<bool>> revoke_api_key(ApiKeyId id, WallTime now, EventDraft event) override;
  Task<Result<void>> append_event(EventDraft event) override;
  Task<Result<std::vector<Event>>> list_events(EventFilter filter) override;
  Task<Result<EventCursor>> load_event_cursor(std::string follower) override;
  Task<Result<void>> advance_event_cursor(std::string follower, std::uint64_t passed) override;
  Task<Result<Purged>> purge(WallTime now, std::size_t limit) override;

 private:
  mutable Mutex mutex_;
  MemoryState state_ GUARDED_BY(mutex_);
};

}  // namespace rescind

#endif  // RESCIND_STORE_MEMORY_MEMORY_STORE_H_
