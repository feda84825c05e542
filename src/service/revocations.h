// Revocations: from a request to a durable entry that this server already refuses.
//
// Owns the revocation index and the lease. The order of every revocation: store commit, index, answer.
#ifndef RESCIND_SERVICE_REVOCATIONS_H_
#define RESCIND_SERVICE_REVOCATIONS_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/metrics.h"
#include "domain/event.h"
#include "domain/session.h"
#include "feed/lease.h"
#include "rescind/revocation_index.h"
#include "rescind/token.h"
#include "service/revocation_allowance.h"
#include "store/store.h"

namespace rescind {

struct RevocationPolicy {
  std::string issuer;
  std::chrono::seconds access_ttl{15 * 60};
  std::chrono::seconds leeway{5};
  std::chrono::milliseconds lease{5000};
  RevocationAllowance::Key allowance_key{};
};

inline constexpr std::size_t kPurgeStep = 64;  // rows of each kind; writes wait for no more than one step
inline constexpr std::size_t kLoadPage = 10'000;

inline bool is_full_step(const Purged& purged) {
  return purged.revocations >= kPurgeStep || purged.sessions >= kPurgeStep || purged.events >= kPurgeStep;
}

// Who asked, for the event.
struct Actor {
  std::string address;
  std::optional<UserId> user;
  // Where a machine asked: the id of its API key, kFirstApiKeyName of service/api_keys.h, or "client:" and the id of an OAuth
  // client. Else empty.
  std::string by = {};
};

// A user's own acts, and those for one of his tokens, are counted: once kMaxOwnRevocations of them have added an entry within
// the life of one, the next ones sign the user out everywhere instead (see RevocationAllowance). A log-in that drives out an
// older session is such an act, too; in its stead the user's access tokens are refused, and the other sessions have to refresh.
//
// Thread-safety: any thread may call any member once load() is done.
class Revocations {
 public:
  // `memory` is where the index lives: that of this process, or a file that others map.
  Revocations(RevocationPolicy policy, Store& store, const ForwardClock& clock, Metrics& metrics,
              std::unique_ptr<IndexMemory> memory = reserve_heap_memory());

  // Fills the index from the store and takes up its horizon; to be called before anything is answered.
  Task<Result<void>> load();
  bool is_loaded() const { return loaded_.load(std::memory_order_acquire); }

  const RevocationView& index() const { return index_; }

  // False once the store has not answered for the length of the lease, and while the index lacks what the store has.
  bool lease_is_live() const { return lease_.is_live(clock_.steady_now()); }
  std::size_t live_count() const { return index_.size(); }

  // The longest that any token of ours may live, leeway not included.
  std::chrono::seconds longest_lifetime() const { return longest_lifetime_; }

  // Ends a session: its refresh token and every access token. `owner` where it is the owner's own act. Absent where it had
  // ended already (its tokens are refused on return all the same) or never was.
  Task<Result<std::optional<Revocation>>> revoke_session(SessionId session, std::optional<UserId> owner, EndReason reason,
                                                         Actor actor);

  // For whoever holds a token of it: the same, and where the store has no such session (it was put back from an older backup,
  // or forgets at exit) its access tokens are refused all the same.
  Task<Result<void>> revoke_presented_session(SessionId session, EndReason reason, Actor actor);

  // For an administrator: the same, and where there is no session to end its access tokens are refused all the same.
  Task<Result<Revocation>> revoke_any_session(SessionId session, Actor actor);

  // Raises the token version: every token of the user minted before dies, and every session but `keep`.
  Task<Result<RaiseTokenVersionOutcome>> revoke_user(UserId user, std::optional<SessionId> keep, EndReason reason, Actor actor);

  // The same, and in the same step a block: from then on nobody signs in as this user, refreshes, or holds a good token.
  Task<Result<RaiseTokenVersionOutcome>> block_user(UserId user, Block block, Actor actor);

  // The same, and in the same step a new password: all of it, or NotEntitled and nothing.
  Task<Result<RaiseTokenVersionOutcome>> change_password(UserId user, std::optional<SessionId> keep, NewPassword password,
                                                         Actor actor);

  // Changes what the user's tokens say (its roles): the version is raised, so that no token of before is good any more, and the
  // sessions stay, so that a refresh gives one that says the new.
  Task<Result<RaiseTokenVersionOutcome>> change_user(UserId user, UserChange change, Actor actor);

  // The same for a new address, which is what voids the links that went to the old one; also NotEntitled, EmailTaken.
  Task<Result<RaiseTokenVersionOutcome>> change_email(UserId user, NewEmail email, std::optional<std::string> name,
                                                      Actor actor);

  // The user and its sessions; of its tokens none is good any more.
  Task<Result<DeleteUserOutcome>> delete_user(UserId user, Actor actor);

  Task<Result<Revocation>> revoke_token(std::string token_id, std::chrono::sys_seconds expires_at, Actor actor);

  // `key` from before_*_key(); refuses tokens issued earlier than `before`.
  Task<Result<Revocation>> revoke_before(RevocationKey key, std::chrono::sys_seconds before, std::string detail, Actor actor);

  // A revocation of another issuer's tokens, from service/foreign_revocation.h.
  Task<Result<Revocation>> revoke_foreign(RevocationDraft draft, std::string detail, Actor actor);

  // How many entries the user's own acts may still add.
  std::size_t own_left(const UserId& user);

  // What the store has committed with a new session of `user`; it counts as the user's own act.
  void take_up_evictions(const UserId& user, const std::vector<Revocation>& evicted);

  // One small step of purging the store of what has expired with the leeway; with the last one of them, the index. Call again
  // while is_full_step().
  Task<Result<Purged>> purge();

  // Asks the store whether it is there, takes up what is in it and not here (a commit whose answer was lost), and renews the
  // lease. To be called several times per lease.
  Task<Result<void>> renew_lease();

 private:
  // A revocation that the store has committed with another change: from here on this server refuses.
  Revocation take_up(const Revocation& committed);
  // `fetch`: Store::load_revocations for the lease, Store::list_revocations for a request.
  using Fetch = Task<Result<std::vector<Revocation>>> (Store::*)(std::uint64_t, std::size_t);
  Task<Result<void>> catch_up(Fetch fetch);
  // What the store did, and the index has taken up.
  Task<Result<RevokeSessionOutcome>> end_session(SessionId session, std::optional<UserId> owner, EndReason reason, Actor actor);
  Task<Result<Revocation>> add_session(SessionId session, Actor actor);
  void stamp_lease();
  // Where the user's allowance is used up and there is such a user: signed out everywhere, and the revocation of that.
  Task<Result<std::optional<Revocation>>> sign_out_if_used_up(std::optional<UserId> user, EndReason reason, Actor actor);
  void count_own(const std::optional<UserId>& user);
  std::chrono::seconds entry_life() const { return longest_lifetime_ + policy_.leeway; }
  Task<Result<RaiseTokenVersionOutcome>> raise_token_version(RaiseTokenVersion change);
  Task<Result<Revocation>> add(RevocationDraft draft, EventDraft event);

  const RevocationPolicy policy_;
  Store& store_;
  const ForwardClock& clock_;
  Counter& revocations_made_;
  RevocationIndex index_;
  Lease lease_;
  RevocationAllowance allowance_;
  std::mutex stamping_;                       // the lease in the index is that of the last who stamped
  std::chrono::seconds longest_lifetime_{0};  // written by load() only
  std::atomic<bool> loaded_{false};
  std::atomic<std::uint64_t> caught_up_to_{0};  // every row of the store up to this seq is in the index
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_REVOCATIONS_H_
