#include "store/memory/memory_state.h"

#include <algorithm>
#include <iterator>

#include "store/apply_user_change.h"
#include "store/merge_revocation.h"
#include "store/proved_address.h"
#include "store/session_limit.h"

namespace rescind {
namespace {

bool is_alive(const Session& session, const RotateRefresh& change) {
  return decide_session_state(session, change.now, SessionPolicy{.idle_ttl = change.idle_ttl}) == SessionState::kAlive;
}

}  // namespace

void MemoryState::raise_longest_token_lifetime(std::chrono::seconds lifetime) {
  facts_.longest_token_lifetime = std::max(facts_.longest_token_lifetime, lifetime);
}

Result<CreateUserOutcome> MemoryState::create_user(const CreateUser& change) {
  const User& user = change.user;
  const auto earlier = change.session ? find_session(change.session->id) : std::nullopt;
  if (earlier && earlier->user.id == user.id) return CreateUserOutcome(UserCreated{earlier->user, earlier->session});
  if (users_by_email_.contains(change.email)) return CreateUserOutcome(EmailTaken{});
  if (change.passkey && passkeys_.contains(change.passkey->passkey.passkey.id)) return CreateUserOutcome(PasskeyTaken{});
  if (users_.contains(user.id)) return fail(ErrorCode::kInternal, "the user id is in use");
  if (earlier) return fail(ErrorCode::kInternal, "the session id is in use");
  if (change.passkey && !add_challenge(change.passkey->answered)) return CreateUserOutcome(ChallengeUsed{});
  users_.emplace(user.id, user);
  users_by_email_.emplace(change.email, user.id);
  if (change.passkey) passkeys_.emplace(change.passkey->passkey.passkey.id, change.passkey->passkey);
  if (change.session) insert_session(*change.session);
  append_event(change.event);
  return CreateUserOutcome(UserCreated{user, change.session});
}

std::optional<User> MemoryState::find_user_by_email(const EmailKey& email) const {
  const auto found = users_by_email_.find(email);
  return found == users_by_email_.end() ? std::nullopt : find_user(found->second);
}

std::optional<User> MemoryState::find_user(const UserId& id) const {
  const auto found = users_.find(id);
  return found == users_.end() ? std::nullopt : std::optional(found->second);
}

Result<CreateSessionOutcome> MemoryState::create_session(const CreateSession& change) {
  const Session& session = change.session;
  if (const auto found = find_session(session.id)) {
    if (found->user.id != session.user) return fail(ErrorCode::kInternal, "the session id is in use");
    return CreateSessionOutcome(SessionCreated{*found, {}});
  }
  auto user = users_.find(session.user);
  if (user == users_.end() && change.missing_user == MissingUser::kRefuse) return CreateSessionOutcome(UserNotFound{});
  if (user != users_.end() && change.credential && !has_credential(user->second, *change.credential)) {
    return CreateSessionOutcome(CredentialReplaced{});
  }
  if (user != users_.end() && is_blocked(user->second, session.created_at)) {
    return CreateSessionOutcome(UserIsBlocked{*user->second.block});
  }
  const std::vector<Session> alive = alive_sessions_of(session.user);
  const std::vector<SessionId> surplus = surplus_sessions(alive, session.created_at, change.limit);
  if (!surplus.empty() && change.limit.at_limit == SessionPolicy::AtLimit::kReject) {
    return CreateSessionOutcome(SessionLimitReached{});
  }
  if (user == users_.end()) {
    User made;
    made.id = session.user;
    made.created_at = session.created_at;
    const RevocationDraft deletion{RevocationKind::kUser, user_key(change.limit.issuer, made.id.text), 0, {}};
    if (const Revocation* row = find_revocation(deletion)) made.token_version = std::max(made.token_version, row->value);
    user = users_.emplace(made.id, made).first;
  }
  const bool by_version = evicts_by_version(surplus, change.limit);
  if (by_version) user->second.token_version += 1;
  SessionCreated created{{session, user->second}, {}};
  insert_session(session);
  for (const SessionId& id : surplus) {
    end_session(sessions_.at(id), {session.created_at, EndReason::kEvicted});
    append_event(eviction_event(change, id));
    if (!by_version) created.evicted.push_back(merge(eviction(change.limit, id, facts_.latest)).row);
  }
  if (by_version) created.evicted.push_back(merge(eviction_by_version(change.limit, user->second, facts_.latest)).row);
  append_event(change.event);
  return CreateSessionOutcome(std::move(created));
}

std::optional<SessionAndUser> MemoryState::find_session(const SessionId& id) const {
  const auto session = sessions_.find(id);
  if (session == sessions_.end()) return std::nullopt;
  return SessionAndUser{session->second, users_.at(session->second.user)};
}

std::vector<Session> MemoryState::list_sessions(const UserId& user) const {
  std::vector<Session> listed = alive_sessions_of(user);
  if (listed.size() > kMaxListedSessions) listed.erase(listed.begin() + kMaxListedSessions, listed.end());
  return listed;
}

std::vector<Session> MemoryState::alive_sessions_of(const UserId& user) const {
  std::vector<Session> found;
  const auto alive = alive_sessions_.find(user);
  if (alive == alive_sessions_.end()) return found;
  for (auto entry = alive->second.rbegin(); entry != alive->second.rend(); ++entry) {
    found.push_back(sessions_.at(entry->second));
  }
  return found;
}

bool MemoryState::rename_session(const UserId& user, const SessionId& id, const std::string& device) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || found->second.user != user || found->second.ended) return false;
  found->second.device = device;
  return true;
}

RotateRefreshOutcome MemoryState::rotate_refresh(const RotateRefresh& change) {
  const auto found = sessions_.find(change.session);
  if (found == sessions_.end() || !is_alive(found->second, change)) return NotRotated{};
  Session& session = found->second;
  if (session.generation != change.expected_generation) return NotRotated{};
  session.generation += 1;
  session.generation_at = change.now;
  session.last_used_at = change.now;
  session.address = change.address;
  note(change.now);
  return SessionAndUser{session, users_.at(session.user)};
}

RotateRefreshOutcome MemoryState::repeat_refresh(const RotateRefresh& change) {
  const auto found = sessions_.find(change.session);
  if (found == sessions_.end() || !is_alive(found->second, change)) return NotRotated{};
  Session& session = found->second;
  if (session.generation != change.expected_generation + 1) return NotRotated{};
  session.last_used_at = change.now;
  session.address = change.address;
  note(change.now);
  return SessionAndUser{session, users_.at(session.user)};
}

RevokeSessionOutcome MemoryState::revoke_session(const RevokeSession& change) {
  const auto found = sessions_.find(change.session);
  if (found == sessions_.end()) return SessionNotFound{};
  if (found->second.ended) return SessionAlreadyEnded{};
  note(change.end.at);
  end_session(found->second, change.end);
  EventDraft event = change.event;
  if (!event.user) event.user = found->second.user;
  append_event(std::move(event));
  return merge({RevocationKind::kSession, change.revocation.key, 0, expiry(change.revocation)}).row;
}

RaiseTokenVersionOutcome MemoryState::raise_token_version(const RaiseTokenVersion& change) {
  const auto found = users_.find(change.user);
  if (found == users_.end()) return UserNotFound{};
  User& user = found->second;
  if (change.password && !is_entitled(user, *change.password, change.end.at)) return NotEntitled{};
  if (change.email) {
    const NewEmail& fresh = *change.email;
    if (fresh.entitled_by && !use_up(user, *fresh.entitled_by, ChallengePurpose::kChangeEmail, change.end.at))
      return NotEntitled{};
    const auto holder = users_by_email_.find(fresh.key);
    if (holder != users_by_email_.end() && holder->second != user.id) return EmailTaken{};
    set_email(user, fresh);
  }
  const bool address_proved = proves_address(user, change);
  if (address_proved) user.email_verified_at = change.end.at;
  if (change.password) user.password_hash = change.password->hash;
  if (change.block) user.block = change.block;
  user = apply_user_change(std::move(user), change.change);
  user.token_version += 1;
  std::optional<Session> kept;
  for (const Session& alive : alive_sessions_of(change.user)) {
    if (change.keep == alive.id) {
      Session& session = sessions_.at(alive.id);
      session.generation += 1;
      session.generation_at = change.end.at;
      session.last_used_at = change.end.at;
      kept = session;
    } else if (change.others == OtherSessions::kEnd) {
      end_session(sessions_.at(alive.id), change.end);
    }
  }
  note(change.end.at);
  append_event(change.event);
  if (address_proved) {
    append_event(proved_address_event(change));
    for (std::size_t i = remove_passkeys(change.user); i > 0; --i) append_event(removed_passkey_event(change));
  }
  const RevocationDraft draft{RevocationKind::kUser, change.revocation.key, user.token_version, expiry(change.revocation)};
  return TokenVersionRaised{user, merge(draft).row, kept};
}

Revocation MemoryState::add_revocation(const RevocationDraft& draft, EventDraft event) {
  const Merged merged = merge(draft);
  if (merged.changed) append_event(std::move(event));
  return merged.row;
}

std::vector<Revocation> MemoryState::list_revocations(std::uint64_t after_seq, std::size_t limit) const {
  std::vector<Revocation> listed;
  for (auto row = revocations_.upper_bound(after_seq); row != revocations_.end() && listed.size() < limit; ++row) {
    listed.push_back(row->second);
  }
  return listed;
}

void MemoryState::append_event(EventDraft event) {
  note(event.at);
  events_.emplace(++event_head_, std::move(event));
}

std::vector<Event> MemoryState::list_events(const EventFilter& filter) const {
  std::vector<Event> listed;
  const auto take = [&](const auto& entry) {
    const auto& [seq, event] = entry;
    if (filter.type && *filter.type != event.type) return;
    if (filter.user && filter.user != event.user) return;
    if (listed.size() < filter.limit) listed.push_back(Event{seq, event});
  };
  if (filter.before_seq && *filter.before_seq <= filter.after_seq) return listed;
  const auto first = events_.upper_bound(filter.after_seq);
  const auto end = filter.before_seq ? events_.lower_bound(*filter.before_seq) : events_.end();
  switch (filter.order) {
    case EventOrder::kOldestFirst: std::for_each(first, end, take); break;
    case EventOrder::kNewestFirst: std::for_each(std::reverse_iterator(end), std::reverse_iterator(first), take); break;
  }
  return listed;
}

EventCursor MemoryState::load_event_cursor(const std::string& follower) const {
  const auto found = event_cursors_.find(follower);
  return {found == event_cursors_.end() ? std::nullopt : std::optional(found->second), event_head_};
}

void MemoryState::advance_event_cursor(const std::string& follower, std::uint64_t passed) {
  std::uint64_t& cursor = event_cursors_[follower];
  cursor = std::max(cursor, passed);
}

Purged MemoryState::purge(WallTime now, std::size_t limit) {
  Purged purged;
  purged.revocations = purge_revocations(to_seconds(now), limit);
  purged.sessions = purge_sessions(now - kSessionRetention, limit);
  purged.events = purge_events(now - kEventRetention, limit);
  purged.challenges = purge_challenges(now, limit);
  purged.attempts = purge_attempts(now - kAttemptRetention, limit);
  purged.api_keys = purge_api_keys(now - kEventRetention, limit);
  facts_.horizon = std::max(facts_.horizon, to_seconds(now));
  note(now);
  return purged;
}

const Revocation* MemoryState::find_revocation(const RevocationDraft& draft) const {
  const auto seq = revocation_seqs_.find(RowKey{draft.kind, draft.key});
  return seq == revocation_seqs_.end() ? nullptr : &revocations_.at(seq->second);
}

MemoryState::Merged MemoryState::merge(const RevocationDraft& draft) {
  RevocationDraft wanted = draft;
  if (const Revocation* row = find_revocation(draft)) {
    const auto merged = merge_revocation(*row, draft);
    if (!merged) return {*row, false};
    wanted = *merged;
    revocation_expiries_.erase({row->expires, row->seq});
    revocations_.erase(row->seq);
  }
  const Revocation row{++facts_.head, wanted.kind, wanted.key, wanted.value, wanted.expires};
  revocations_.emplace(row.seq, row);
  revocation_seqs_.insert_or_assign(RowKey{row.kind, row.key}, row.seq);
  revocation_expiries_.emplace(row.expires, row.seq);
  return {row, true};
}

void MemoryState::note(WallTime moment) { facts_.latest = std::max(facts_.latest, moment); }

std::chrono::sys_seconds MemoryState::expiry(const RevocationOfIssued& revocation) const {
  return to_seconds(facts_.latest) + revocation.token_lifetime;
}

void MemoryState::insert_session(const Session& session) {
  note(session.created_at);
  sessions_.emplace(session.id, session);
  if (!session.ended) alive_sessions_[session.user].emplace(session.created_at, session.id);
}

void MemoryState::end_session(Session& session, const SessionEnd& end) {
  session.ended = end;
  const auto alive = alive_sessions_.find(session.user);
  alive->second.erase({session.created_at, session.id});
  if (alive->second.empty()) alive_sessions_.erase(alive);
}

std::size_t MemoryState::purge_revocations(std::chrono::sys_seconds now, std::size_t limit) {
  std::size_t gone = 0;
  while (gone < limit && !revocation_expiries_.empty() && revocation_expiries_.begin()->first <= now) {
    const auto row = revocations_.find(revocation_expiries_.begin()->second);
    revocation_expiries_.erase(revocation_expiries_.begin());
    revocation_seqs_.erase(RowKey{row->second.kind, row->second.key});
    revocations_.erase(row);
    ++gone;
  }
  return gone;
}

std::size_t MemoryState::purge_sessions(WallTime until, std::size_t limit) {
  std::size_t gone = 0;
  for (auto entry = sessions_.begin(); entry != sessions_.end() && gone < limit;) {
    Session& session = entry->second;
    if (session.expires_at > until && (!session.ended || session.ended->at > until)) {
      ++entry;
      continue;
    }
    if (!session.ended) end_session(session, SessionEnd{});
    entry = sessions_.erase(entry);
    ++gone;
  }
  return gone;
}

std::size_t MemoryState::purge_events(WallTime until, std::size_t limit) {
  std::size_t gone = 0;
  for (auto event = events_.begin(); event != events_.end() && gone < limit;) {
    if (event->second.at >= until) {
      ++event;
      continue;
    }
    event = events_.erase(event);
    ++gone;
  }
  return gone;
}

}  // namespace rescind
