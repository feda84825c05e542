#include "service/revocations.h"

#include <algorithm>
#include <utility>

namespace rescind {

Revocations::Revocations(RevocationPolicy policy, Store& store, const ForwardClock& clock, Metrics& metrics)
    : policy_(std::move(policy)),
      store_(store),
      clock_(clock),
      revocations_made_(metrics.counter("rescind_revocations_total", "Revocations that were acknowledged.")),
      lease_(policy_.lease) {}

Task<Result<void>> Revocations::load() {
  const SteadyTime asked_at = clock_.steady_now();
  Result<StoreState> state = co_await store_.load_state();
  if (!state) co_return Unexpected(std::move(state).error());
  Result<void> raised = co_await store_.raise_longest_token_lifetime(policy_.access_ttl);
  if (!raised) co_return raised;
  longest_lifetime_ = std::max(state->longest_token_lifetime, policy_.access_ttl);
  clock_.advance_to(state->horizon);
  index_.raise_horizon(state->horizon);

  std::uint64_t after = 0;
  for (;;) {
    Result<std::vector<Revocation>> page = co_await store_.list_revocations(after, kLoadPage);
    if (!page) co_return Unexpected(std::move(page).error());
    for (const Revocation& revocation : *page) index_.apply(revocation);
    if (page->size() < kLoadPage) break;
    after = page->back().seq;
  }
  lease_.renew(asked_at);
  loaded_.store(true, std::memory_order_release);
  co_return Result<void>();
}

std::chrono::sys_seconds Revocations::expiry_of_any_token(WallTime now) const {
  return to_seconds(now) + longest_lifetime_ + policy_.leeway;
}

// Durable already; from here on this server refuses, and only then is the caller answered.
Revocation Revocations::take_up(const Revocation& committed) {
  index_.apply(committed);
  revocations_made_.increment();
  return committed;
}

Task<Result<std::optional<Revocation>>> Revocations::revoke_session(SessionId session, std::optional<UserId> owner,
                                                                    EndReason reason, Actor actor) {
  const WallTime now = clock_.wall_now();
  const bool reused = reason == EndReason::kRefreshReused;
  RevokeSession change{
      .session = session,
      .end = {now, reason},
      .revocation = {RevocationKind::kSession, session_key(policy_.issuer, session.text()), 0, expiry_of_any_token(now)},
      .event = {reused ? EventType::kRefreshReused : EventType::kSessionRevoked, std::move(owner), session,
                std::move(actor.address), now, std::string(to_string(reason))},
  };
  Result<RevokeSessionOutcome> outcome = co_await store_.revoke_session(std::move(change));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  const Revocation* revocation = std::get_if<Revocation>(&*outcome);
  if (revocation == nullptr) co_return std::optional<Revocation>();
  co_return std::optional<Revocation>(take_up(*revocation));
}

Task<Result<Revocation>> Revocations::revoke_any_session(SessionId session, Actor actor) {
  Result<std::optional<Revocation>> ended = co_await revoke_session(session, std::nullopt, EndReason::kAdmin, actor);
  if (!ended) co_return Unexpected(std::move(ended).error());
  if (*ended) co_return **ended;
  const WallTime now = clock_.wall_now();
  RevocationDraft draft{RevocationKind::kSession, session_key(policy_.issuer, session.text()), 0, expiry_of_any_token(now)};
  EventDraft event{EventType::kRevocationAdded, std::move(actor.user), session, std::move(actor.address), now, "session"};
  Result<Revocation> added = co_await store_.add_revocation(draft, std::move(event));
  if (added) take_up(*added);
  co_return added;
}

Task<Result<RaiseTokenVersionOutcome>> Revocations::revoke_user(UserId user, std::optional<SessionId> keep, EndReason reason,
                                                                Actor actor) {
  const WallTime now = clock_.wall_now();
  RaiseTokenVersion change{
      .user = user,
      .keep = keep,
      .end = {now, reason},
      .revocation = {RevocationKind::kUser, user_key(policy_.issuer, user.text), 0, expiry_of_any_token(now)},
      .event = {EventType::kSignedOutEverywhere, user, keep, std::move(actor.address), now, std::string(to_string(reason))},
  };
  Result<RaiseTokenVersionOutcome> outcome = co_await store_.raise_token_version(std::move(change));
  if (outcome) {
    if (const auto* raised = std::get_if<TokenVersionRaised>(&*outcome)) take_up(raised->revocation);
  }
  co_return outcome;
}

Task<Result<Revocation>> Revocations::revoke_token(std::string token_id, std::chrono::sys_seconds expires_at, Actor actor) {
  const WallTime now = clock_.wall_now();
  // No token of ours outlives this, whatever the caller says of it.
  const auto expires = std::min(expires_at, to_seconds(now) + longest_lifetime_) + policy_.leeway;
  RevocationDraft draft{RevocationKind::kToken, token_key(policy_.issuer, token_id), 0, expires};
  EventDraft event{EventType::kRevocationAdded, std::move(actor.user), std::nullopt, std::move(actor.address), now, "token"};
  Result<Revocation> added = co_await store_.add_revocation(draft, std::move(event));
  if (added) take_up(*added);
  co_return added;
}

Task<Result<Revocation>> Revocations::revoke_before(RevocationKey key, std::chrono::sys_seconds before, std::string detail,
                                                    Actor actor) {
  const WallTime now = clock_.wall_now();
  // A `before` in the future also refuses tokens that are yet to be issued, up to that moment.
  const auto expires = std::max(to_seconds(now), before) + longest_lifetime_ + policy_.leeway;
  RevocationDraft draft{RevocationKind::kBefore, key, before.time_since_epoch().count(), expires};
  EventDraft event{
      EventType::kRevocationAdded, std::move(actor.user), std::nullopt, std::move(actor.address), now, std::move(detail)};
  Result<Revocation> added = co_await store_.add_revocation(draft, std::move(event));
  if (added) take_up(*added);
  co_return added;
}

Task<Result<Purged>> Revocations::purge() {
  const WallTime until = clock_.wall_now() - kPurgeLag;
  Result<Purged> purged = co_await store_.purge(until, kPurgeStep);
  // The store remembers the horizon first: an index that has forgotten more than the store's horizon would, after a crash
  // and a clock that stepped back, have no ground to stand on.
  if (purged) index_.purge(to_seconds(until));
  co_return purged;
}

Task<Result<void>> Revocations::renew_lease() {
  const SteadyTime asked_at = clock_.steady_now();
  Result<StoreState> state = co_await store_.load_state();
  if (!state) co_return Unexpected(std::move(state).error());
  lease_.renew(asked_at);
  co_return Result<void>();
}

}  // namespace rescind
