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
  Task<Result<CreateUserOutcome>> create_user(User user, EmailKey email, Session session, EventDraft event) override;
  Task<Result<std::optional<User>>> find_user_by_email(EmailKey email) override;
  Task<Result<std::optional<User>>> find_user(UserId id) override;
  Task<Result<std::variant<User, UserNotFound>>> rename_user(UserId id, std::string name, EventDraft event) override;
  Task<Result<CreateSessionOutcome>> create_session(Session session, MissingUser missing_user, EventDraft event) override;
  Task<Result<std::optional<SessionAndUser>>> find_session(SessionId id) override;
  Task<Result<std::vector<Session>>> list_sessions(UserId user) override;
  Task<Result<RotateRefreshOutcome>> rotate_refresh(RotateRefresh change) override;
  Task<Result<RotateRefreshOutcome>> repeat_refresh(RotateRefresh change) override;
  Task<Result<RevokeSessionOutcome>> revoke_session(RevokeSession change) override;
  Task<Result<RaiseTokenVersionOutcome>> raise_token_version(RaiseTokenVersion change) override;
  Task<Result<Revocation>> add_revocation(RevocationDraft draft, EventDraft event) override;
  Task<Result<std::vector<Revocation>>> list_revocations(std::uint64_t after_seq, std::size_t limit) override;
  Task<Result<std::vector<Revocation>>> load_revocations(std::uint64_t after_seq, std::size_t limit) override;
  Task<Result<void>> append_event(EventDraft event) override;
  Task<Result<std::vector<Event>>> list_events(EventFilter filter) override;
  Task<Result<Purged>> purge(WallTime now, std::size_t limit) override;

 private:
  mutable Mutex mutex_;
  MemoryState state_ GUARDED_BY(mutex_);
};

}  // namespace rescind

#endif  // RESCIND_STORE_MEMORY_MEMORY_STORE_H_
