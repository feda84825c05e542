#include <utility>

#include "domain/refresh_decision.h"
#include "service/sessions.h"

namespace rescind {
namespace {

// A refresh that lost a race looks again; each time another one has won, so that a few rounds are always enough: the loser
// finds the winner's generation and is given its successor, or finds the session ended.
constexpr int kMaxRounds = 8;

Unexpected<Error> session_revoked() { return fail(ErrorCode::kSessionRevoked, "the session was ended; sign in again"); }
Unexpected<Error> session_expired() { return fail(ErrorCode::kSessionExpired, "the session has expired; sign in again"); }

}  // namespace

Task<Result<TokenPair>> Sessions::refresh(Secret refresh_token, std::string address) {
  // Answered with the keys that the token was read with: what a leaked key has made is not exchanged for a token of the fresh
  // one while the leaked one is being removed.
  const std::shared_ptr<const KeyRing> keys = keys_.get();
  const std::optional<RefreshTokenContent> presented = keys->refresh_tokens().decode(refresh_token.reveal());
  // Nothing happens to the session: nobody logs others out by guessing.
  if (!presented) co_return fail(ErrorCode::kInvalidToken, "not a refresh token of this server");

  for (int round = 0; round < kMaxRounds; ++round) {
    const WallTime now = clock_.wall_now();
    // Nearly everybody presents the current token of a session that is alive: one step of the store, without a look before it.
    const RotateRefresh change{presented->session, presented->generation, now, address, session_policy_.idle_ttl};
    RotateRefresh rotation = change;
    Result<RotateRefreshOutcome> rotated = co_await store_.rotate_refresh(std::move(rotation));
    if (!rotated) co_return Unexpected(std::move(rotated).error());
    if (auto* subject = std::get_if<SessionAndUser>(&*rotated)) co_return give_successor(std::move(*subject), now, *keys);

    Result<std::optional<SessionAndUser>> found = co_await store_.find_session(presented->session);
    if (!found) co_return Unexpected(std::move(found).error());
    if (!*found) co_return session_expired();
    const SessionAndUser& subject = **found;

    switch (decide_refresh(subject.session, presented->generation, now, session_policy_)) {
      case RefreshDecision::kRotate: continue;  // it was made, or put back, meanwhile
      case RefreshDecision::kSameSuccessor: {
        RotateRefresh repetition = change;
        Result<RotateRefreshOutcome> repeated = co_await store_.repeat_refresh(std::move(repetition));
        if (!repeated) co_return Unexpected(std::move(repeated).error());
        if (std::holds_alternative<NotRotated>(*repeated)) continue;
        co_return give_successor(std::get<SessionAndUser>(std::move(*repeated)), now, *keys);
      }
      case RefreshDecision::kReused: co_return co_await end_reused(subject.session, std::move(address));
      case RefreshDecision::kNotIssued: co_return fail(ErrorCode::kInvalidToken, "not a refresh token of this server");
      case RefreshDecision::kSessionEnded: co_return session_revoked();
      case RefreshDecision::kSessionExpired: co_return session_expired();
    }
  }
  co_return fail(ErrorCode::kInternal, "refresh found no rest");
}

TokenPair Sessions::give_successor(SessionAndUser&& subject, WallTime now, const KeyRing& keys) {
  refreshes_.increment();
  return opener_.issue_pair(std::move(subject), now, keys);
}

Task<Result<TokenPair>> Sessions::end_reused(Session session, std::string address) {
  Actor actor{address, session.user};
  if (session_policy_.on_reuse == SessionPolicy::OnReuse::kUser) {
    // One step, which ends this session with the others: where it fails, the next attempt finds the reuse again.
    auto raised = co_await revocations_.revoke_user(session.user, std::nullopt, EndReason::kRefreshReused, actor);
    if (!raised) co_return Unexpected(std::move(raised).error());
    EventDraft event{EventType::kRefreshReused, session.user, session.id, address, clock_.wall_now(), {}};
    Result<void> written = co_await store_.append_event(std::move(event));
    if (!written) co_return Unexpected(std::move(written).error());
  } else {
    auto ended = co_await revocations_.revoke_session(session.id, session.user, EndReason::kRefreshReused, actor);
    if (!ended) co_return Unexpected(std::move(ended).error());
  }
  refreshes_reused_.increment();
  co_return fail(ErrorCode::kRefreshReused, "this refresh token was used before; the session is ended");
}

Task<Result<std::optional<RefreshTokenState>>> Sessions::inspect_refresh_token(Secret refresh_token) {
  using State = std::optional<RefreshTokenState>;
  const std::optional<RefreshTokenContent> presented = keys_.get()->refresh_tokens().decode(refresh_token.reveal());
  if (!presented) co_return State();
  Result<std::optional<SessionAndUser>> found = co_await store_.find_session(presented->session);
  if (!found) co_return Unexpected(std::move(found).error());
  if (!*found) co_return State();
  const SessionAndUser& subject = **found;
  const RefreshDecision decision = decide_refresh(subject.session, presented->generation, clock_.wall_now(), session_policy_);
  const bool is_good = decision == RefreshDecision::kRotate || decision == RefreshDecision::kSameSuccessor;
  co_return State(RefreshTokenState{subject.session, is_good});
}

}  // namespace rescind
