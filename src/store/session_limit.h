// Which sessions have to go where a user may have so many: the same for every store.
#ifndef RESCIND_STORE_SESSION_LIMIT_H_
#define RESCIND_STORE_SESSION_LIMIT_H_

#include <vector>

#include "store/store.h"

namespace rescind {

// `not_ended` newest first. The oldest of those that are alive, so many that with one more the limit holds; empty where it
// holds anyway.
inline std::vector<SessionId> surplus_sessions(const std::vector<Session>& not_ended, WallTime now, const SessionLimit& limit) {
  std::vector<SessionId> surplus;
  if (limit.most == 0) return surplus;
  std::size_t alive = 1;  // the new one
  for (const Session& session : not_ended) {
    if (now >= session.expires_at || now >= session.last_used_at + limit.idle_ttl) continue;
    if (++alive > limit.most) surplus.push_back(session.id);
  }
  return surplus;
}

inline EventDraft eviction_event(const CreateSession& change, const SessionId& evicted) {
  return {EventType::kSessionRevoked, change.session.user,       evicted,
          change.session.address,     change.session.created_at, std::string(to_string(EndReason::kEvicted))};
}

// Whether one revocation of the user stands for those of all `surplus` sessions.
inline bool evicts_by_version(const std::vector<SessionId>& surplus, const SessionLimit& limit) {
  return surplus.size() > limit.most_revocations;
}

// `latest`: the latest moment that the store has seen, this change included (see RevocationOfIssued).
inline RevocationDraft eviction(const SessionLimit& limit, const SessionId& evicted, WallTime latest) {
  return {RevocationKind::kSession, session_key(limit.issuer, evicted.text()), 0, to_seconds(latest) + limit.token_lifetime};
}

// `user` with the version that is raised already.
inline RevocationDraft eviction_by_version(const SessionLimit& limit, const User& user, WallTime latest) {
  return {RevocationKind::kUser, user_key(limit.issuer, user.id.text), user.token_version,
          to_seconds(latest) + limit.token_lifetime};
}

}  // namespace rescind

#endif  // RESCIND_STORE_SESSION_LIMIT_H_
