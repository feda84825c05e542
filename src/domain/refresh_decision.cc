#include "domain/refresh_decision.h"

namespace rescind {

RefreshDecision decide_refresh(const Session& session, std::uint64_t presented_generation, WallTime now,
                               const SessionPolicy& policy) {
  switch (decide_session_state(session, now, policy)) {
    case SessionState::kEnded: return RefreshDecision::kSessionEnded;
    case SessionState::kExpired: return RefreshDecision::kSessionExpired;
    case SessionState::kAlive: break;
  }
  if (presented_generation == session.generation) return RefreshDecision::kRotate;
  if (presented_generation > session.generation) return RefreshDecision::kNotIssued;
  const bool is_previous = presented_generation + 1 == session.generation;
  // A grace of 0 is none, also where a restart has set the clock behind generation_at.
  const bool has_grace = policy.refresh_grace > std::chrono::seconds(0);
  if (is_previous && has_grace && now < session.generation_at + policy.refresh_grace) return RefreshDecision::kSameSuccessor;
  return RefreshDecision::kReused;
}

}  // namespace rescind
