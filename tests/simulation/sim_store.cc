#include "tests/simulation/sim_store.h"

#include <boost/asio/async_result.hpp>
#include <utility>

namespace rescind::simulation {

template <class Handler>
struct SimStore::WaiterOf final : Waiter {
  explicit WaiterOf(Handler waiting) : handler(std::move(waiting)) {}
  void go_on() override { std::move(handler)(); }
  Handler handler;
};

Task<void> SimStore::wait_for_turn() {
  auto park = [this](auto handler) { parked_.push_back(std::make_unique<WaiterOf<decltype(handler)>>(std::move(handler))); };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void()>(park, boost::asio::use_awaitable);
}

void SimStore::resume(std::size_t which) {
  std::swap(parked_[which], parked_.back());
  std::unique_ptr<Waiter> waiter = std::move(parked_.back());
  parked_.pop_back();
  waiter->go_on();
}

void SimStore::drop_all() { parked_.clear(); }

Task<bool> SimStore::pass() {
  if (!random_.one_in(4)) co_await wait_for_turn();
  const bool fails = out_ || (fail_one_in_ != 0 && random_.one_in(fail_one_in_));
  if (fails) ++failures_;
  co_return !fails;
}

// A task is lazy: `operation` takes effect where it is awaited.
template <class T>
Task<Result<T>> SimStore::run(Task<Result<T>> operation) {
  const bool begins = co_await pass();
  if (!begins) co_return fail(ErrorCode::kStoreUnavailable, "the simulated store failed before the effect");
  Result<T> result = co_await std::move(operation);
  const bool answers = co_await pass();
  if (!answers) co_return fail(ErrorCode::kStoreUnavailable, "the simulated store failed after the effect");
  co_return result;
}

Task<Result<StoreState>> SimStore::load_state() { return run(durable_.load_state()); }

Task<Result<void>> SimStore::raise_longest_token_lifetime(std::chrono::seconds lifetime) {
  return run(durable_.raise_longest_token_lifetime(lifetime));
}

Task<Result<CreateUserOutcome>> SimStore::create_user(CreateUser change) {
  return run(durable_.create_user(std::move(change)));
}

Task<Result<ImportUserOutcome>> SimStore::import_user(User user, EmailKey email, EventDraft event) {
  return run(durable_.import_user(std::move(user), std::move(email), std::move(event)));
}

Task<Result<std::optional<User>>> SimStore::find_user_by_email(EmailKey email) {
  return run(durable_.find_user_by_email(std::move(email)));
}

Task<Result<std::optional<User>>> SimStore::find_user(UserId id) { return run(durable_.find_user(std::move(id))); }

Task<Result<ChangeUserOutcome>> SimStore::change_user(UserId id, UserChange change, EventDraft event) {
  return run(durable_.change_user(std::move(id), std::move(change), std::move(event)));
}

Task<Result<std::vector<User>>> SimStore::list_users(UserId after, std::size_t limit) {
  return run(durable_.list_users(std::move(after), limit));
}

Task<Result<DeleteUserOutcome>> SimStore::delete_user(DeleteUser change) {
  return run(durable_.delete_user(std::move(change)));
}

Task<Result<CreateSessionOutcome>> SimStore::create_session(CreateSession change) {
  return run(durable_.create_session(std::move(change)));
}

Task<Result<std::optional<SessionAndUser>>> SimStore::find_session(SessionId id) { return run(durable_.find_session(id)); }

Task<Result<std::vector<Session>>> SimStore::list_sessions(UserId user) { return run(durable_.list_sessions(std::move(user))); }

Task<Result<bool>> SimStore::rename_session(UserId user, SessionId session, std::string device) {
  return run(durable_.rename_session(std::move(user), session, std::move(device)));
}

Task<Result<RotateRefreshOutcome>> SimStore::rotate_refresh(RotateRefresh change) {
  return run(durable_.rotate_refresh(std::move(change)));
}

Task<Result<RotateRefreshOutcome>> SimStore::repeat_refresh(RotateRefresh change) {
  return run(durable_.repeat_refresh(std::move(change)));
}

Task<Result<RevokeSessionOutcome>> SimStore::revoke_session(RevokeSession change) {
  return run(durable_.revoke_session(std::move(change)));
}

Task<Result<RaiseTokenVersionOutcome>> SimStore::raise_token_version(RaiseTokenVersion change) {
  return run(durable_.raise_token_version(std::move(change)));
}

Task<Result<Revocation>> SimStore::add_revocation(RevocationDraft draft, EventDraft event) {
  return run(durable_.add_revocation(std::move(draft), std::move(event)));
}

Task<Result<std::vector<Revocation>>> SimStore::list_revocations(std::uint64_t after_seq, std::size_t limit) {
  return run(durable_.list_revocations(after_seq, limit));
}

Task<Result<std::vector<Revocation>>> SimStore::load_revocations(std::uint64_t after_seq, std::size_t limit) {
  return run(durable_.list_revocations(after_seq, limit));
}

Task<Result<BeginAttemptOutcome>> SimStore::begin_attempt(std::vector<AttemptRule> rules, WallTime now) {
  return run(durable_.begin_attempt(std::move(rules), now));
}

Task<Result<void>> SimStore::settle_attempt(std::vector<SettledBucket> buckets, WallTime now) {
  return run(durable_.settle_attempt(std::move(buckets), now));
}

Task<Result<void>> SimStore::create_challenge(Challenge challenge) {
  return run(durable_.create_challenge(std::move(challenge)));
}

Task<Result<std::optional<Challenge>>> SimStore::find_challenge(ChallengeId id) { return run(durable_.find_challenge(id)); }

Task<Result<std::optional<Challenge>>> SimStore::consume_challenge(ChallengeId id, ChallengePurpose purpose, WallTime now) {
  return run(durable_.consume_challenge(id, purpose, now));
}

Task<Result<AddPasskeyOutcome>> SimStore::add_passkey(AddPasskey change) {
  return run(durable_.add_passkey(std::move(change)));
}

Task<Result<std::optional<PasskeyAndUser>>> SimStore::find_passkey(PasskeyId id) {
  return run(durable_.find_passkey(std::move(id)));
}

Task<Result<std::vector<UserPasskey>>> SimStore::list_passkeys(UserId user) {
  return run(durable_.list_passkeys(std::move(user)));
}

Task<Result<UsePasskeyOutcome>> SimStore::use_passkey(UsePasskey change) {
  return run(durable_.use_passkey(std::move(change)));
}

Task<Result<bool>> SimStore::rename_passkey(UserId user, PasskeyId id, std::string name) {
  return run(durable_.rename_passkey(std::move(user), std::move(id), std::move(name)));
}

Task<Result<RemovePasskeyOutcome>> SimStore::remove_passkey(UserId user, PasskeyId id, LastPasskey last, EventDraft event) {
  return run(durable_.remove_passkey(std::move(user), std::move(id), last, std::move(event)));
}

Task<Result<CreateApiKeyOutcome>> SimStore::create_api_key(ApiKey key, EventDraft event) {
  return run(durable_.create_api_key(std::move(key), std::move(event)));
}

Task<Result<std::optional<ApiKey>>> SimStore::find_api_key(ApiKeyId id) { return run(durable_.find_api_key(id)); }

Task<Result<std::vector<ApiKey>>> SimStore::list_api_keys() { return run(durable_.list_api_keys()); }

Task<Result<bool>> SimStore::revoke_api_key(ApiKeyId id, WallTime now, EventDraft event) {
  return run(durable_.revoke_api_key(id, now, std::move(event)));
}

Task<Result<void>> SimStore::append_event(EventDraft event) { return run(durable_.append_event(std::move(event))); }

Task<Result<std::vector<Event>>> SimStore::list_events(EventFilter filter) {
  return run(durable_.list_events(std::move(filter)));
}

Task<Result<EventCursor>> SimStore::load_event_cursor(std::string follower) {
  return run(durable_.load_event_cursor(std::move(follower)));
}

Task<Result<void>> SimStore::advance_event_cursor(std::string follower, std::uint64_t passed) {
  return run(durable_.advance_event_cursor(std::move(follower), passed));
}

Task<Result<Purged>> SimStore::purge(WallTime now, std::size_t limit) { return run(durable_.purge(now, limit)); }

}  // namespace rescind::simulation
