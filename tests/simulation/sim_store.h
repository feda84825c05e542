// A store on a bad day. It keeps its data in a MemoryStore, which outlives every crash of the server; each operation waits
// for the scheduler before and after it takes effect, so that operations of different clients interleave, and may fail on
// either side of its effect, so that nobody knows whether it had one.
#ifndef RESCIND_TESTS_SIMULATION_SIM_STORE_H_
#define RESCIND_TESTS_SIMULATION_SIM_STORE_H_

#include <memory>
#include <vector>

#include "store/memory/memory_store.h"
#include "store/store.h"
#include "tests/simulation/sim_random.h"

namespace rescind::simulation {

// Thread-safety: one thread.
class SimStore final : public Store {
 public:
  explicit SimStore(SimRandom& random) : random_(random) {}

  // The scheduler's side.
  std::size_t waiting() const { return parked_.size(); }
  void resume(std::size_t which);  // that waiter goes on until it waits again
  void drop_all();                 // a crash: nobody who waits will ever hear of it

  // While the store is out, every operation fails; how many of the others fail is one in `n`, and 0 is none.
  void set_out(bool out) { out_ = out; }
  bool is_out() const { return out_; }
  void fail_one_in(std::uint64_t n) { fail_one_in_ = n; }
  std::uint64_t failures() const { return failures_; }

  // What is durable now, for the model to look at; no waiting, no failure.
  MemoryState durable() const { return durable_.snapshot(); }

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
  struct Waiter {
    virtual ~Waiter() = default;
    virtual void go_on() = 0;
  };
  template <class Handler>
  struct WaiterOf;

  Task<void> wait_for_turn();
  Task<bool> pass();  // one side of an operation: false where it fails here
  template <class T>
  Task<Result<T>> run(Task<Result<T>> operation);

  SimRandom& random_;
  MemoryStore durable_;
  std::vector<std::unique_ptr<Waiter>> parked_;
  bool out_ = false;
  std::uint64_t fail_one_in_ = 0;
  std::uint64_t failures_ = 0;
};

}  // namespace rescind::simulation

#endif  // RESCIND_TESTS_SIMULATION_SIM_STORE_H_
