#include "tests/testing/failing_store.h"

#include <utility>

namespace rescind {
namespace {

Unexpected<Error> out_of_reach() {
  return Unexpected(Error{ErrorCode::kStoreUnavailable, "failed for a test", std::chrono::seconds(1)});
}

}  // namespace

void FailingStore::fail_call(std::uint64_t nth, FailureSide side) {
  side_.store(side);
  failing_call_.store(nth == 0 ? 0 : calls_.load() + nth);
}

template <class T>
Task<Result<T>> FailingStore::pass(Task<Result<T>> operation) {
  if (is_interrupted_.exchange(false)) interruption_();
  const std::uint64_t call = ++calls_;
  const bool fails = call == failing_call_.load();
  if (is_out_.load() || (fails && side_.load() == FailureSide::kBefore)) co_return out_of_reach();
  Result<T> outcome = co_await std::move(operation);
  if (fails) co_return out_of_reach();
  co_return outcome;
}

Task<Result<StoreState>> FailingStore::load_state() { return pass(inner_.load_state()); }

Task<Result<void>> FailingStore::raise_longest_token_lifetime(std::chrono::seconds lifetime) {
  return pass(inner_.raise_longest_token_lifetime(lifetime));
}

Task<Result<CreateUserOutcome>> FailingStore::create_user(CreateUser change) {
  return pass(inner_.create_user(std::move(change)));
}

Task<Result<ImportUserOutcome>> FailingStore::import_user(User user, EmailKey email, EventDraft event) {
  return pass(inner_.import_user(std::move(user), std::move(email), std::move(event)));
}

Task<Result<std::optional<User>>> FailingStore::find_user_by_email(EmailKey email) {
  return pass(inner_.find_user_by_email(std::move(email)));
}

Task<Result<std::optional<User>>> FailingStore::find_user(UserId id) { return pass(inner_.find_user(std::move(id))); }

Task<Result<ChangeUserOutcome>> FailingStore::change_user(UserId id, UserChange change, EventDraft event) {
  return pass(inner_.change_user(std::move(id), std::move(change), std::move(event)));
}

Task<Result<std::vector<User>>> FailingStore::list_users(UserId after, std::size_t limit) {
  return pass(inner_.list_users(std::move(after), limit));
}

Task<Result<DeleteUserOutcome>> FailingStore::delete_user(DeleteUser change) {
  return pass(inner_.delete_user(std::move(change)));
}

Task<Result<CreateSessionOutcome>> FailingStore::create_session(CreateSession change) {
  return pass(inner_.create_session(std::move(change)));
}

Task<Result<std::optional<SessionAndUser>>> FailingStore::find_session(SessionId id) { return pass(inner_.find_session(id)); }

Task<Result<std::vector<Session>>> FailingStore::list_sessions(UserId user) {
  return pass(inner_.list_sessions(std::move(user)));
}

Task<Result<bool>> FailingStore::rename_session(UserId user, SessionId session, std::string device) {
  return pass(inner_.rename_session(std::move(user), session, std::move(device)));
}

Task<Result<RotateRefreshOutcome>> FailingStore::rotate_refresh(RotateRefresh change) {
  return pass(inner_.rotate_refresh(std::move(change)));
}

Task<Result<RotateRefreshOutcome>> FailingStore::repeat_refresh(RotateRefresh change) {
  return pass(inner_.repeat_refresh(std::move(change)));
}

Task<Result<RevokeSessionOutcome>> FailingStore::revoke_session(RevokeSession change) {
  return pass(inner_.revoke_session(std::move(change)));
}

Task<Result<RaiseTokenVersionOutcome>> FailingStore::raise_token_version(RaiseTokenVersion change) {
  return pass(inner_.raise_token_version(std::move(change)));
}

Task<Result<Revocation>> FailingStore::add_revocation(RevocationDraft draft, EventDraft event) {
  return pass(inner_.add_revocation(draft, std::move(event)));
}

Task<Result<std::vector<Revocation>>> FailingStore::list_revocations(std::uint64_t after_seq, std::size_t limit) {
  return pass(inner_.list_revocations(after_seq, limit));
}

Task<Result<std::vector<Revocation>>> FailingStore::load_revocations(std::uint64_t after_seq, std::size_t limit) {
  return pass(inner_.load_revocations(after_seq, limit));
}

Task<Result<BeginAttemptOutcome>> FailingStore::begin_attempt(std::vector<AttemptRule> rules, WallTime now) {
  return pass(inner_.begin_attempt(std::move(rules), now));
}

Task<Result<void>> FailingStore::settle_attempt(std::vector<SettledBucket> buckets, WallTime now) {
  return pass(inner_.settle_attempt(std::move(buckets), now));
}

Task<Result<void>> FailingStore::create_challenge(Challenge challenge) {
  return pass(inner_.create_challenge(std::move(challenge)));
}

Task<Result<std::optional<Challenge>>> FailingStore::find_challenge(ChallengeId id) { return pass(inner_.find_challenge(id)); }

Task<Result<std::optional<Challenge>>> FailingStore::consume_challenge(ChallengeId id, ChallengePurpose purpose, WallTime now) {
  return pass(inner_.consume_challenge(id, purpose, now));
}

Task<Result<AddPasskeyOutcome>> FailingStore::add_passkey(AddPasskey change) {
  return pass(inner_.add_passkey(std::move(change)));
}

Task<Result<std::optional<PasskeyAndUser>>> FailingStore::find_passkey(PasskeyId id) {
  return pass(inner_.find_passkey(std::move(id)));
}

Task<Result<std::vector<UserPasskey>>> FailingStore::list_passkeys(UserId user) {
  return pass(inner_.list_passkeys(std::move(user)));
}

Task<Result<UsePasskeyOutcome>> FailingStore::use_passkey(UsePasskey change) {
  return pass(inner_.use_passkey(std::move(change)));
}

Task<Result<bool>> FailingStore::rename_passkey(UserId user, PasskeyId id, std::string name) {
  return pass(inner_.rename_passkey(std::move(user), std::move(id), std::move(name)));
}

Task<Result<RemovePasskeyOutcome>> FailingStore::remove_passkey(UserId user, PasskeyId id, LastPasskey last, EventDraft event) {
  return pass(inner_.remove_passkey(std::move(user), std::move(id), last, std::move(event)));
}

Task<Result<CreateApiKeyOutcome>> FailingStore::create_api_key(ApiKey key, EventDraft event) {
  return pass(inner_.create_api_key(std::move(key), std::move(event)));
}

Task<Result<std::optional<ApiKey>>> FailingStore::find_api_key(ApiKeyId id) { return pass(inner_.find_api_key(id)); }

Task<Result<std::vector<ApiKey>>> FailingStore::list_api_keys() { return pass(inner_.list_api_keys()); }

Task<Result<bool>> FailingStore::revoke_api_key(ApiKeyId id, WallTime now, EventDraft event) {
  return pass(inner_.revoke_api_key(id, now, std::move(event)));
}

Task<Result<void>> FailingStore::append_event(EventDraft event) { return pass(inner_.append_event(std::move(event))); }

Task<Result<std::vector<Event>>> FailingStore::list_events(EventFilter filter) {
  return pass(inner_.list_events(std::move(filter)));
}

Task<Result<EventCursor>> FailingStore::load_event_cursor(std::string follower) {
  return pass(inner_.load_event_cursor(std::move(follower)));
}

Task<Result<void>> FailingStore::advance_event_cursor(std::string follower, std::uint64_t passed) {
  return pass(inner_.advance_event_cursor(std::move(follower), passed));
}

Task<Result<Purged>> FailingStore::purge(WallTime now, std::size_t limit) { return pass(inner_.purge(now, limit)); }

}  // namespace rescind
