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

  Result<CreateUserOutcome> create_user(const CreateUser& change);
  ImportUserOutcome import_user(const User& user, const EmailKey& email, EventDraft event);
  std::optional<User> find_user_by_email(const EmailKey& email) const;
  std::optional<User> find_user(const UserId& id) const;
  ChangeUserOutcome change_user(const UserId& id, const UserChange& change, EventDraft event);
  std::vector<User> list_users(const UserId& after, std::size_t limit) const;
  DeleteUserOutcome delete_user(const DeleteUser& change);

  Result<CreateSessionOutcome> create_session(const CreateSession& change);
  std::optional<SessionAndUser> find_session(const SessionId& id) const;
  std::vector<Session> list_sessions(const UserId& user) const;
  bool rename_session(const UserId& user, const SessionId& id, const std::string& device);
  RotateRefreshOutcome rotate_refresh(const RotateRefresh& change);
  RotateRefreshOutcome repeat_refresh(const RotateRefresh& change);
  RevokeSessionOutcome revoke_session(const RevokeSession& change);
  RaiseTokenVersionOutcome raise_token_version(const RaiseTokenVersion& change);

  Revocation add_revocation(const RevocationDraft& draft, EventDraft event);
  std::vector<Revocation> list_revocations(std::uint64_t after_seq, std::size_t limit) const;

  BeginAttemptOutcome begin_attempt(const std::vector<AttemptRule>& rules, WallTime now);
  void settle_attempt(const std::vector<SettledBucket>& buckets, WallTime now);

  void create_challenge(const Challenge& challenge);
  std::optional<Challenge> find_challenge(const ChallengeId& id) const;
  std::optional<Challenge> consume_challenge(const ChallengeId& id, ChallengePurpose purpose, WallTime now);

  AddPasskeyOutcome add_passkey(const AddPasskey& change);
  std::optional<PasskeyAndUser> find_passkey(const PasskeyId& id) const;
  std::vector<UserPasskey> list_passkeys(const UserId& user) const;
  UsePasskeyOutcome use_passkey(const UsePasskey& change);
  bool rename_passkey(const UserId& user, const PasskeyId& id, const std::string& name);
  RemovePasskeyOutcome remove_passkey(const UserId& user, const PasskeyId& id, LastPasskey last, EventDraft event);

  CreateApiKeyOutcome create_api_key(const ApiKey& key, EventDraft event);
  std::optional<ApiKey> find_api_key(const ApiKeyId& id) const;
  std::vector<ApiKey> list_api_keys() const;
  bool revoke_api_key(const ApiKeyId& id, WallTime now, EventDraft event);

  void append_event(EventDraft event);
  std::vector<Event> list_events(const EventFilter& filter) const;
  EventCursor load_event_cursor(const std::string& follower) const;
  void advance_event_cursor(const std::string& follower, std::uint64_t passed);

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
  bool use_up(const User& user, const ChallengeId& id, ChallengePurpose purpose, WallTime now);
  void set_email(User& user, const NewEmail& fresh);  // which nobody else has
  bool is_entitled(const User& user, const NewPassword& password, WallTime now);
  bool has_credential(const User& user, const Credential& credential) const;
  std::size_t remove_passkeys(const UserId& user);  // how many they were
  bool add_challenge(const Challenge& challenge);   // false where its id is here
  UserPasskey* find_passkey_of(const UserId& user, const PasskeyId& id);
  void end_session(Session& session, const SessionEnd& end);
  std::size_t purge_revocations(std::chrono::sys_seconds now, std::size_t limit);
  std::size_t purge_sessions(WallTime until, std::size_t limit);
  std::size_t purge_events(WallTime until, std::size_t limit);
  std::size_t purge_challenges(WallTime now, std::size_t limit);
  std::size_t purge_attempts(WallTime until, std::size_t limit);
  std::size_t purge_api_keys(WallTime until, std::size_t limit);

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
  std::map<std::string, std::uint64_t> event_cursors_;
  std::map<AttemptBucket, Attempts> attempts_;
  std::map<std::uint64_t, Challenge> challenges_;  // in the order of their making
  std::map<ChallengeId, std::uint64_t> challenge_places_;
  std::uint64_t challenges_made_ = 0;
  std::map<PasskeyId, UserPasskey> passkeys_;
  std::vector<ApiKey> api_keys_;
};

}  // namespace rescind

#endif  // RESCIND_STORE_MEMORY_MEMORY_STATE_H_
