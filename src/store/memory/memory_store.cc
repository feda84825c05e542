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

Task<Result<CreateUserOutcome>> MemoryStore::create_user(User user, EmailKey email, Session session, EventDraft event) {
  MutexLock lock(mutex_);
  co_return state_.create_user(user, email, session, std::move(event));
}

Task<Result<std::optional<User>>> MemoryStore::find_user_by_email(EmailKey email) {
  MutexLock lock(mutex_);
  co_return state_.find_user_by_email(email);
}

Task<Result<std::optional<User>>> MemoryStore::find_user(UserId id) {
  MutexLock lock(mutex_);
  co_return state_.find_user(id);
}

Task<Result<std::variant<User, UserNotFound>>> MemoryStore::rename_user(UserId id, std::string name, EventDraft event) {
  MutexLock lock(mutex_);
  co_return state_.rename_user(id, name, std::move(event));
}

Task<Result<CreateSessionOutcome>> MemoryStore::create_session(Session session, MissingUser missing_user, EventDraft event) {
  MutexLock lock(mutex_);
  co_return state_.create_session(session, missing_user, std::move(event));
}

Task<Result<std::optional<SessionAndUser>>> MemoryStore::find_session(SessionId id) {
  MutexLock lock(mutex_);
  co_return state_.find_session(id);
}

Task<Result<std::vector<Session>>> MemoryStore::list_sessions(UserId user) {
  MutexLock lock(mutex_);
  co_return state_.list_sessions(user);
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

Task<Result<void>> MemoryStore::append_event(EventDraft event) {
  MutexLock lock(mutex_);
  state_.append_event(std::move(event));
  co_return Result<void>();
}

Task<Result<std::vector<Event>>> MemoryStore::list_events(EventFilter filter) {
  MutexLock lock(mutex_);
  co_return state_.list_events(filter);
}

Task<Result<Purged>> MemoryStore::purge(WallTime now, std::size_t limit) {
  MutexLock lock(mutex_);
  co_return state_.purge(now, limit);
}

}  // namespace rescind
