#include "domain/session.h"

namespace rescind {

std::string_view to_string(EndReason reason) {
  switch (reason) {
    case EndReason::kLogOut: return "log_out";
    case EndReason::kLogOutAll: return "log_out_all";
    case EndReason::kSignedOut: return "signed_out";
    case EndReason::kRefreshReused: return "refresh_reused";
    case EndReason::kAdmin: return "admin";
    case EndReason::kRevokedByClient: return "revoked_by_client";
    case EndReason::kEvicted: return "evicted";
    case EndReason::kBlocked: return "blocked";
    case EndReason::kPasswordChanged: return "password_changed";
  }
  return "";
}

SessionState decide_session_state(const Session& session, WallTime now, const SessionPolicy& policy) {
  if (session.ended) return SessionState::kEnded;
  if (now >= session.expires_at || now >= session.last_used_at + policy.idle_ttl) return SessionState::kExpired;
  return SessionState::kAlive;
}

}  // namespace rescind
