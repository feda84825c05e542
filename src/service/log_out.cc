#include <algorithm>
#include <utility>

#include "service/sessions.h"

namespace rescind {

Task<Result<void>> Sessions::log_out(SessionId session, Actor actor) {
  co_return co_await revocations_.revoke_presented_session(session, EndReason::kLogOut, std::move(actor));
}

Task<Result<SignOutEverywhere>> Sessions::log_out_all(UserId user, std::optional<SessionId> keep, Actor actor) {
  const WallTime now = clock_.wall_now();
  const std::shared_ptr<const KeyRing> keys = keys_.get();  // as in refresh()
  Result<std::optional<SessionId>> kept = co_await opener_.keep_if_alive(keep, now);
  if (!kept) co_return Unexpected(std::move(kept).error());
  Result<RaiseTokenVersionOutcome> outcome =
      co_await revocations_.revoke_user(std::move(user), *kept, EndReason::kLogOutAll, std::move(actor));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  auto* raised = std::get_if<TokenVersionRaised>(&*outcome);
  if (raised == nullptr) co_return fail(ErrorCode::kNotFound, "no such user");
  SignOutEverywhere result;
  if (raised->kept) result.pair = opener_.issue_pair({std::move(*raised->kept), std::move(raised->user)}, now, *keys);
  co_return result;
}

Task<Result<void>> Sessions::sign_out(UserId user, SessionId session, Actor actor) {
  Result<std::optional<SessionAndUser>> found = co_await store_.find_session(session);
  if (!found) co_return Unexpected(std::move(found).error());
  // Somebody else's session is answered like one that never was.
  const bool is_own = *found && (*found)->session.user == user;
  // One that has expired may have left an access token that is good for a little longer.
  if (!is_own || (*found)->session.ended) {
    co_return fail(ErrorCode::kNotFound, "no such session");
  }
  Result<std::optional<Revocation>> ended =
      co_await revocations_.revoke_session(session, user, EndReason::kSignedOut, std::move(actor));
  if (!ended) co_return Unexpected(std::move(ended).error());
  co_return Result<void>();
}

Task<Result<std::vector<Session>>> Sessions::list(UserId user) {
  Result<std::vector<Session>> sessions = co_await store_.list_sessions(std::move(user));
  if (!sessions) co_return sessions;
  const WallTime now = clock_.wall_now();
  std::erase_if(*sessions, [&](const Session& session) {
    return decide_session_state(session, now, session_policy_) != SessionState::kAlive;
  });
  co_return sessions;
}

}  // namespace rescind
