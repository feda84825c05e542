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
  note_horizon(state->horizon);
  clock_.advance_to(state->horizon + kPurgeLag);  // where the clock stood at that purge
  index_.raise_horizon(state->horizon);

  std::uint64_t after = 0;
  for (;;) {
    Result<std::vector<Revocation>> page = co_await store_.list_revocations(after, kLoadPage);
    if (!page) co_return Unexpected(std::move(page).error());
    for (const Revocation& revocation : *page) {
      Result<Revocation> lasting = co_await outlast_lifetime(revocation);
      if (!lasting) co_return Unexpected(std::move(lasting).error());
      index_.apply(*lasting);
    }
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

// A `before` in the future refuses tokens that are yet to be issued; those live longer where the lifetime was raised since.
Task<Result<Revocation>> Revocations::outlast_lifetime(Revocation loaded) {
  const std::chrono::sys_seconds wanted =
      std::chrono::sys_seconds(std::chrono::seconds(loaded.value)) + longest_lifetime_ + policy_.leeway;
  if (loaded.kind != RevocationKind::kBefore || loaded.expires >= wanted) co_return loaded;
  RevocationDraft draft{loaded.kind, loaded.key, loaded.value, wanted};
  EventDraft event{EventType::kRevocationAdded, {}, {}, {}, clock_.wall_now(), "longer lifetime"};
  Result<Revocation> added = co_await store_.add_revocation(draft, std::move(event));
  co_return added;
}

void Revocations::note_horizon(std::chrono::sys_seconds horizon) {
  const WallTime::rep candidate = WallTime(horizon + kPurgeLag).time_since_epoch().count();
  WallTime::rep seen = remembered_.load(std::memory_order_relaxed);
  while (seen < candidate && !remembered_.compare_exchange_weak(seen, candidate, std::memory_order_relaxed)) {
  }
}

Task<Result<void>> Revocations::remember(WallTime now) {
  const WallTime remembered{WallTime::duration(remembered_.load(std::memory_order_relaxed))};
  if (now <= remembered + kMaxLateness) co_return Result<void>();
  Result<Purged> purged = co_await purge();
  if (!purged) co_return Unexpected(std::move(purged).error());
  co_return Result<void>();
}

// Durable already; from here on this server refuses, and only then is the caller answered.
Revocation Revocations::take_up(const Revocation& committed) {
  index_.apply(committed);
  revocations_made_.increment();
  return committed;
}

// Until the commit, tokens were minted that this entry must outlast: where it waited for long, or the clock was set forward
// meanwhile, it is made to last longer before anybody is told of it.
Task<Result<Revocation>> Revocations::settle(Revocation committed, EventDraft event) {
  index_.apply(committed);
  const std::chrono::sys_seconds wanted = expiry_of_any_token(clock_.wall_now());
  if (wanted > committed.expires + kMaxLateness) {
    RevocationDraft draft{committed.kind, committed.key, committed.value, wanted};
    event.type = EventType::kRevocationAdded;
    Result<Revocation> added = co_await store_.add_revocation(draft, std::move(event));
    if (!added) co_return added;
    committed = *added;
  }
  co_return take_up(committed);
}

Task<Result<Revocation>> Revocations::add(RevocationDraft draft, EventDraft event) {
  Result<Revocation> added = co_await store_.add_revocation(draft, std::move(event));
  if (added) take_up(*added);
  co_return added;
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
  const RevocationDraft draft = change.revocation;
  EventDraft event = change.event;
  Result<RevokeSessionOutcome> outcome = co_await store_.revoke_session(std::move(change));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  if (std::holds_alternative<SessionNotFound>(*outcome)) co_return std::optional<Revocation>();

  std::optional<Revocation> committed;
  const auto* ended_before = std::get_if<SessionAlreadyEnded>(&*outcome);
  if (ended_before == nullptr) {
    committed = std::get<Revocation>(*outcome);
  } else if (ended_before->revocation) {
    committed = *ended_before->revocation;
  } else {
    // It ended with the user's other sessions, by a revocation that may have failed to arrive here.
    EventDraft added_event = event;
    added_event.type = EventType::kRevocationAdded;
    Result<Revocation> added = co_await store_.add_revocation(draft, std::move(added_event));
    if (!added) co_return Unexpected(std::move(added).error());
    committed = *added;
  }
  Result<Revocation> settled = co_await settle(*committed, std::move(event));
  if (!settled) co_return Unexpected(std::move(settled).error());
  if (ended_before != nullptr) co_return std::optional<Revocation>();
  co_return std::optional<Revocation>(*settled);
}

Task<Result<Revocation>> Revocations::revoke_any_session(SessionId session, Actor actor) {
  Result<std::optional<Revocation>> ended = co_await revoke_session(session, std::nullopt, EndReason::kAdmin, actor);
  if (!ended) co_return Unexpected(std::move(ended).error());
  if (*ended) co_return **ended;
  const WallTime now = clock_.wall_now();
  RevocationDraft draft{RevocationKind::kSession, session_key(policy_.issuer, session.text()), 0, expiry_of_any_token(now)};
  EventDraft event{EventType::kRevocationAdded, std::move(actor.user), session, std::move(actor.address), now, "session"};
  Result<Revocation> added = co_await add(draft, std::move(event));
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
  EventDraft event = change.event;
  Result<RaiseTokenVersionOutcome> outcome = co_await store_.raise_token_version(std::move(change));
  if (!outcome) co_return outcome;
  if (auto* raised = std::get_if<TokenVersionRaised>(&*outcome)) {
    Result<Revocation> settled = co_await settle(raised->revocation, std::move(event));
    if (!settled) co_return Unexpected(std::move(settled).error());
    raised->revocation = *settled;
  }
  co_return outcome;
}

Task<Result<Revocation>> Revocations::revoke_token(std::string token_id, std::chrono::sys_seconds expires_at, Actor actor) {
  const WallTime now = clock_.wall_now();
  // No token of ours outlives this, whatever the caller says of it.
  const auto expires = std::min(expires_at, to_seconds(now) + longest_lifetime_) + policy_.leeway;
  RevocationDraft draft{RevocationKind::kToken, token_key(policy_.issuer, token_id), 0, expires};
  EventDraft event{EventType::kRevocationAdded, std::move(actor.user), std::nullopt, std::move(actor.address), now, "token"};
  Result<Revocation> added = co_await add(draft, std::move(event));
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
  Result<Revocation> added = co_await add(draft, std::move(event));
  co_return added;
}

Task<Result<Purged>> Revocations::purge() {
  const WallTime until = clock_.wall_now() - kPurgeLag;
  Result<Purged> purged = co_await store_.purge(until, kPurgeStep);
  // The store remembers the horizon first: an index that has forgotten more than the store's horizon would, after a crash
  // and a clock that stepped back, have no ground to stand on.
  if (purged) {
    note_horizon(to_seconds(until));
    index_.purge(to_seconds(until));
  }
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
