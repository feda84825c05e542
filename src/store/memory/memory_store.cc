#include "store/memory/memory_store.h"

#include <utility>

namespace rescind {

MemoryState MemoryStore::snapshot() const {
  MutexLock lock(mutex_);
  return state_;
}

Task<Result<StoreState>> MemoryStore::load_state() {
  MutexLock lock(mutex_);
  co_return state_.facts();
}

Task<Result<void>> MemoryStore::raise_longest_token_lifetime(std::chrono::seconds lifetime) {
  MutexLock lock(mutex_);
  state_.raise_longest_token_lifetime(lifetime);
  co_return Result<void>();
}

Task<Result<CreateUserOutcome>> MemoryStore::create_user(CreateUser change) {
  MutexLock lock(mutex_);
  co_return state_.create_user(change);
}

Task<Result<ImportUserOutcome>> MemoryStore::import_user(User user, EmailKey email, EventDraft event) {
  MutexLock lock(mutex_);
  co_return state_.import_user(user, email, std::move(event));
}

Task<Result<std::optional<User>>> MemoryStore::find_user_by_email(EmailKey email) {
  MutexLock lock(mutex_);
  co_return state_.find_user_by_email(email);
}

Task<Result<std::optional<User>>> MemoryStore::find_user(UserId id) {
  MutexLock lock(mutex_);
  co_return state_.find_user(id);
}

Task<Result<ChangeUserOutcome>> MemoryStore::change_user(UserId id, UserChange change, EventDraft event) {
  MutexLock lock(mutex_);
  co_return state_.change_user(id, change, std::move(event));
}

Task<Result<std::vector<User>>> MemoryStore::list_users(UserId after, std::size_t limit) {
  MutexLock lock(mutex_);
  co_return state_.list_users(after, limit);
}

Task<Result<DeleteUserOutcome>> MemoryStore::delete_user(DeleteUser change) {
  MutexLock lock(mutex_);
  co_return state_.delete_user(change);
}

Task<Result<CreateSessionOutcome>> MemoryStore::create_session(CreateSession change) {
  MutexLock lock(mutex_);
  co_return state_.create_session(change);
}

Task<Result<std::optional<SessionAndUser>>> MemoryStore::find_session(SessionId id) {
  MutexLock lock(mutex_);
  co_return state_.find_session(id);
}

Task<Result<std::vector<Session>>> MemoryStore::list_sessions(UserId user) {
  MutexLock lock(mutex_);
  co_return state_.list_sessions(user);
}

Task<Result<bool>> MemoryStore::rename_session(UserId user, SessionId session, std::string device) {
  MutexLock lock(mutex_);
  co_return state_.rename_session(user, session, device);
}

Task<Result<RotateRefreshOutcome>> MemoryStore::rotate_refresh(RotateRefresh change) {
  MutexLock lock(mutex_);
  co_return state_.rotate_refresh(change);
}

Task<Result<RotateRefreshOutcome>> MemoryStore::repeat_refresh(RotateRefresh change) {
  MutexLock lock(mutex_);
  co_return state_.repeat_refresh(change);
}

Task<Result<RevokeSessionOutcome>> MemoryStore::revoke_session(RevokeSession change) {
  MutexLock lock(mutex_);
  co_return state_.revoke_session(change);
}

Task<Result<RaiseTokenVersionOutcome>> MemoryStore::raise_token_version(RaiseTokenVersion change) {
  MutexLock lock(mutex_);
  co_return state_.raise_token_version(change);
}

Task<Result<Revocation>> MemoryStore::add_revocation(RevocationDraft draft, EventDraft event) {
  MutexLock lock(mutex_);
  co_return state_.add_revocation(draft, std::move(event));
}

Task<Result<std::vector<Revocation>>> MemoryStore::list_revocations(std::uint64_t after_seq, std::size_t limit) {
  MutexLock lock(mutex_);
  co_return state_.list_revocations(after_seq, limit);
}

Task<Result<std::vector<Revocation>>> MemoryStore::load_revocations(std::uint64_t after_seq, std::size_t limit) {
  return list_revocations(after_seq, limit);
}

Task<Result<BeginAttemptOutcome>> MemoryStore::begin_attempt(std::vector<AttemptRule> rules, WallTime now) {
  MutexLock lock(mutex_);
  co_return state_.begin_attempt(rules, now);
}

Task<Result<void>> MemoryStore::settle_attempt(std::vector<SettledBucket> buckets, WallTime now) {
  MutexLock lock(mutex_);
  state_.settle_attempt(buckets, now);
  co_return Result<void>();
}

Task<Result<void>> MemoryStore::create_challenge(Challenge challenge) {
  MutexLock lock(mutex_);
  state_.create_challenge(challenge);
  co_return Result<void>();
}

Task<Result<std::optional<Challenge>>> MemoryStore::find_challenge(ChallengeId id) {
  MutexLock lock(mutex_);
  co_return state_.find_challenge(id);
}

Task<Result<std::optional<Challenge>>> MemoryStore::consume_challenge(ChallengeId id, ChallengePurpose purpose, WallTime now) {
  MutexLock lock(mutex_);
  co_return state_.consume_challenge(id, purpose, now);
}

Task<Result<AddPasskeyOutcome>> MemoryStore::add_passkey(AddPasskey change) {
  MutexLock lock(mutex_);
  co_return state_.add_passkey(change);
}

Task<Result<std::optional<PasskeyAndUser>>> MemoryStore::find_passkey(PasskeyId id) {
  MutexLock lock(mutex_);
  co_return state_.find_passkey(id);
}

Task<Result<std::vector<UserPasskey>>> MemoryStore::list_passkeys(UserId user) {
  MutexLock lock(mutex_);
  co_return state_.list_passkeys(user);
}

Task<Result<UsePasskeyOutcome>> MemoryStore::use_passkey(UsePasskey change) {
  MutexLock lock(mutex_);
  co_return state_.use_passkey(change);
}

Task<Result<bool>> MemoryStore::rename_passkey(UserId user, PasskeyId id, std::string name) {
  MutexLock lock(mutex_);
  co_return state_.rename_passkey(user, id, name);
}

Task<Result<RemovePasskeyOutcome>> MemoryStore::remove_passkey(UserId user, PasskeyId id, LastPasskey last, EventDraft event) {
  MutexLock lock(mutex_);
  co_return state_.remove_passkey(user, id, last, std::move(event));
}

Task<Result<CreateApiKeyOutcome>> MemoryStore::create_api_key(ApiKey key, EventDraft event) {
  MutexLock lock(mutex_);
  co_return state_.create_api_key(key, std::move(event));
}

Task<Result<std::optional<ApiKey>>> MemoryStore::find_api_key(ApiKeyId id) {
  MutexLock lock(mutex_);
  co_return state_.find_api_key(id);
}

Task<Result<std::vector<ApiKey>>> MemoryStore::list_api_keys() {
  MutexLock lock(mutex_);
  co_return state_.list_api_keys();
}

Task<Result<bool>> MemoryStore::revoke_api_key(ApiKeyId id, WallTime now, EventDraft event) {
  MutexLock lock(mutex_);
  co_return state_.revoke_api_key(id, now, std::move(event));
}

Task<Result<void>> MemoryStore::append_event(EventDraft event) {
  MutexLock lock(mutex_);
  state_.append_event(std::move(event));
  co_return Result<void>();
}

Task<Result<std::vector<Event>>> MemoryStore::list_events(EventFilter filter) {
  MutexLock lock(mutex_);
  co_return state_.list_events(filter);
}

Task<Result<EventCursor>> MemoryStore::load_event_cursor(std::string follower) {
  MutexLock lock(mutex_);
  co_return state_.load_event_cursor(follower);
}

Task<Result<void>> MemoryStore::advance_event_cursor(std::string follower, std::uint64_t passed) {
  MutexLock lock(mutex_);
  state_.advance_event_cursor(follower, passed);
  co_return Result<void>();
}

Task<Result<Purged>> MemoryStore::purge(WallTime now, std::size_t limit) {
  MutexLock lock(mutex_);
  co_return state_.purge(now, limit);
}

}  // namespace rescind
