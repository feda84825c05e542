// All that a MemoryStore holds, as a plain value: a copy is a snapshot, and a store made from the copy goes on from there.
//
// Each member function is one whole operation of store.h, without its answer's wrapping. Not thread-safe by itself.
#ifndef RESCIND_STORE_MEMORY_MEMORY_STATE_H_
#define RESCIND_STORE_MEMORY_MEMORY_STATE_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/store.h"

namespace rescind {

class MemoryState {
 public:
  const StoreState& facts() const { return facts_; }
  void raise_longest_token_lifetime(std::chrono::seconds lifetime);

  Result<CreateUserOutcome> create_user(const User& user, const EmailKey& email, const Session& session, EventDraft event);
  std::optional<User> find_user_by_email(const EmailKey& email) const;
  std::optional<User> find_user(const UserId& id) const;
  std::variant<User, UserNotFound> rename_user(const UserId& id, const std::string& name, EventDraft event);

  Result<CreateSessionOutcome> create_session(const Session& session, MissingUser missing_user, EventDraft event);
  std::optional<SessionAndUser> find_session(const SessionId& id) const;
  std::vector<Session> list_sessions(const UserId& user) const;
  RotateRefreshOutcome rotate_refresh(const RotateRefresh& change);
  RotateRefreshOutcome repeat_refresh(const RotateRefresh& change);
  RevokeSessionOutcome revoke_session(const RevokeSession& change);
  RaiseTokenVersionOutcome raise_token_version(const RaiseTokenVersion& change);

  Revocation add_revocation(const RevocationDraft& draft, EventDraft event);
  std::vector<Revocation> list_revocations(std::uint64_t after_seq, std::size_t limit) const;

  void append_event(EventDraft event);
  std::vector<Event> list_events(const EventFilter& filter) const;

  Purged purge(WallTime now, std::size_t limit);

 private:
  using RowKey = std::pair<RevocationKind, RevocationKey>;
  struct Merged {
    Revocation row;
    bool changed = false;
  };

  void note(WallTime moment);
  std::chrono::sys_seconds expiry(const RevocationOfIssued& revocation) const;
  const Revocation* find_revocation(const RevocationDraft& draft) const;
  Merged merge(const RevocationDraft& draft);
  std::vector<Session> alive_sessions_of(const UserId& user) const;  // newest first
  void insert_session(const Session& session);
  void end_session(Session& session, const SessionEnd& end);
  std::size_t purge_revocations(std::chrono::sys_seconds now, std::size_t limit);
  std::size_t purge_sessions(WallTime until, std::size_t limit);
  std::size_t purge_events(WallTime until, std::size_t limit);

  StoreState facts_;
  std::uint64_t event_head_ = 0;
  std::map<UserId, User> users_;
  std::map<EmailKey, UserId> users_by_email_;
  std::unordered_map<SessionId, Session> sessions_;
  std::map<UserId, std::set<std::pair<WallTime, SessionId>>> alive_sessions_;  // by created_at
  std::map<std::uint64_t, Revocation> revocations_;                            // by seq
  std::map<RowKey, std::uint64_t> revocation_seqs_;
  std::set<std::pair<std::chrono::sys_seconds, std::uint64_t>> revocation_expiries_;
  std::map<std::uint64_t, EventDraft> events_;  // by seq
};

}  // namespace rescind

#endif  // RESCIND_STORE_MEMORY_MEMORY_STATE_H_
