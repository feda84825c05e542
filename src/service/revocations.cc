#include "service/revocations.h"

#include <algorithm>
#include <utility>

namespace rescind {
namespace {

constexpr std::chrono::seconds kIndexPurgeInterval{10};
constexpr std::size_t kMaxDetailBytes = 200;

std::string describe_roles(const UserChange& change) {
  std::string text;
  for (const std::string& role : change.roles.value_or(std::vector<std::string>())) {
    if (text.size() + role.size() + 5 > kMaxDetailBytes) return text + "…";
    if (!text.empty()) text += ", ";
    text += role;
  }
  return text;
}

}  // namespace

Revocations::Revocations(RevocationPolicy policy, Store& store, const ForwardClock& clock, Metrics& metrics,
                         std::unique_ptr<IndexMemory> memory)
    : policy_(std::move(policy)),
      store_(store),
      clock_(clock),
      revocations_made_(metrics.counter("rescind_revocations_total", "Revocations that were acknowledged.")),
      index_(std::move(memory)),
      lease_(policy_.lease),
      allowance_(policy_.allowance_key) {}

Task<Result<void>> Revocations::load() {
  const SteadyTime asked_at = clock_.steady_now();
  Result<StoreState> state = co_await store_.load_state();
  if (!state) co_return Unexpected(std::move(state).error());
  Result<void> raised = co_await store_.raise_longest_token_lifetime(policy_.access_ttl);
  if (!raised) co_return raised;
  longest_lifetime_ = std::max(state->longest_token_lifetime, policy_.access_ttl);
  // No token bears a later `iat` than the latest change, and the horizon was purged up to when the clock stood a leeway
  // further: the server's time goes on from there, whatever the system's clock says by now.
  clock_.advance_to(std::max<WallTime>(state->latest, state->horizon + policy_.leeway));
  index_.raise_horizon(state->horizon);
  Result<void> caught_up = co_await catch_up(&Store::load_revocations);
  if (!caught_up) co_return caught_up;
  lease_.renew(asked_at);
  stamp_lease();
  loaded_.store(true, std::memory_order_release);
  co_return Result<void>();
}

Task<Result<void>> Revocations::catch_up(Fetch fetch) {
  for (;;) {
    const std::uint64_t after = caught_up_to_.load(std::memory_order_relaxed);
    Result<std::vector<Revocation>> page = co_await (store_.*fetch)(after, kLoadPage);
    if (!page) co_return Unexpected(std::move(page).error());
    if (!index_.apply(*page)) co_return fail(ErrorCode::kVerifierStale, "the revocation index is full");
    // Two may be here at once; going back is only work done twice.
    if (!page->empty()) caught_up_to_.store(page->back().seq, std::memory_order_relaxed);
    if (page->size() < kLoadPage) co_return Result<void>();
  }
}

// What other processes go by. Of a renewal and an end at once the second to come here sees both.
void Revocations::stamp_lease() {
  const std::scoped_lock lock(stamping_);
  index_.stamp_lease(lease_.ends_at().time_since_epoch());
}

// Durable already; from here on this server refuses, and only then is the caller answered.
Revocation Revocations::take_up(const Revocation& committed) {
  // Where there is no room for it, no token is good here until catch_up() found room.
  if (!index_.apply(committed)) {
    lease_.end(clock_.steady_now());
    stamp_lease();
  }
  revocations_made_.increment();
  return committed;
}

Task<Result<Revocation>> Revocations::add(RevocationDraft draft, EventDraft event) {
  Result<Revocation> added = co_await store_.add_revocation(draft, std::move(event));
  if (added) take_up(*added);
  co_return added;
}

Task<Result<RevokeSessionOutcome>> Revocations::end_session(SessionId session, std::optional<UserId> owner, EndReason reason,
                                                            Actor actor) {
  const WallTime now = clock_.wall_now();
  const bool reused = reason == EndReason::kRefreshReused;
  RevokeSession change{
      .session = session,
      .end = {now, reason},
      .revocation = {session_key(policy_.issuer, session.text()), longest_lifetime_},
      .event = {reused ? EventType::kRefreshReused : EventType::kSessionRevoked, std::move(owner), session,
                std::move(actor.address), now, std::string(to_string(reason)), std::move(actor.by)},
  };
  Result<RevokeSessionOutcome> outcome = co_await store_.revoke_session(std::move(change));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  if (const auto* revocation = std::get_if<Revocation>(&*outcome)) {
    take_up(*revocation);
    co_return outcome;
  }
  // It has ended, or is gone altogether. Whoever ended it may not have been answered, and its revocation not have come here:
  // first that, then "it is over".
  Result<void> caught_up = co_await catch_up(&Store::list_revocations);
  if (!caught_up) co_return Unexpected(std::move(caught_up).error());
  co_return outcome;
}

Task<Result<std::optional<Revocation>>> Revocations::sign_out_if_used_up(std::optional<UserId> user, EndReason reason,
                                                                         Actor actor) {
  using Outcome = std::optional<Revocation>;
  if (!user || !allowance_.is_used_up(*user, clock_.steady_now(), entry_life())) co_return Outcome();
  std::optional<SessionId> keep;
  Result<RaiseTokenVersionOutcome> outcome = co_await revoke_user(std::move(*user), keep, reason, std::move(actor));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  const auto* raised = std::get_if<TokenVersionRaised>(&*outcome);
  co_return raised == nullptr ? Outcome() : Outcome(raised->revocation);
}

void Revocations::count_own(const std::optional<UserId>& user) {
  if (user) allowance_.count(*user, clock_.steady_now(), entry_life());
}

std::size_t Revocations::own_left(const UserId& user) { return allowance_.left(user, clock_.steady_now(), entry_life()); }

void Revocations::take_up_evictions(const UserId& user, const std::vector<Revocation>& evicted) {
  for (const Revocation& revocation : evicted) {
    take_up(revocation);
    if (revocation.kind == RevocationKind::kSession) count_own(user);
  }
}

Task<Result<std::optional<Revocation>>> Revocations::revoke_session(SessionId session, std::optional<UserId> owner,
                                                                    EndReason reason, Actor actor) {
  Result<std::optional<Revocation>> instead = co_await sign_out_if_used_up(owner, reason, actor);
  if (!instead || *instead) co_return instead;
  Result<RevokeSessionOutcome> ended = co_await end_session(session, owner, reason, std::move(actor));
  if (!ended) co_return Unexpected(std::move(ended).error());
  const auto* revocation = std::get_if<Revocation>(&*ended);
  if (revocation == nullptr) co_return std::optional<Revocation>();
  count_own(owner);
  co_return std::optional(*revocation);
}

Task<Result<void>> Revocations::revoke_presented_session(SessionId session, EndReason reason, Actor actor) {
  if (!actor.user) {
    Result<std::optional<SessionAndUser>> found = co_await store_.find_session(session);
    if (!found) co_return Unexpected(std::move(found).error());
    if (*found) actor.user = (*found)->user.id;
  }
  const std::optional<UserId> owner = actor.user;
  Result<std::optional<Revocation>> instead = co_await sign_out_if_used_up(owner, reason, actor);
  if (!instead) co_return Unexpected(std::move(instead).error());
  if (*instead) co_return Result<void>();
  Result<RevokeSessionOutcome> ended = co_await end_session(session, owner, reason, actor);
  if (!ended) co_return Unexpected(std::move(ended).error());
  if (std::holds_alternative<SessionAlreadyEnded>(*ended)) co_return Result<void>();
  count_own(owner);
  if (std::holds_alternative<Revocation>(*ended)) co_return Result<void>();
  Result<Revocation> added = co_await add_session(session, std::move(actor));
  if (!added) co_return Unexpected(std::move(added).error());
  co_return Result<void>();
}

Task<Result<Revocation>> Revocations::revoke_any_session(SessionId session, Actor actor) {
  Result<std::optional<Revocation>> ended = co_await revoke_session(session, std::nullopt, EndReason::kAdmin, actor);
  if (!ended) co_return Unexpected(std::move(ended).error());
  if (*ended) co_return **ended;
  co_return co_await add_session(session, std::move(actor));
}

Task<Result<Revocation>> Revocations::add_session(SessionId session, Actor actor) {
  const WallTime now = clock_.wall_now();
  RevocationDraft draft{RevocationKind::kSession, session_key(policy_.issuer, session.text()), 0,
                        to_seconds(now) + longest_lifetime_};
  EventDraft event{EventType::kRevocationAdded, std::move(actor.user), session, std::move(actor.address), now, "session",
                   std::move(actor.by)};
  co_return co_await add(draft, std::move(event));
}

Task<Result<RaiseTokenVersionOutcome>> Revocations::revoke_user(UserId user, std::optional<SessionId> keep, EndReason reason,
                                                                Actor actor) {
  const WallTime now = clock_.wall_now();
  RaiseTokenVersion change{
      .user = user,
      .keep = keep,
      .end = {now, reason},
      .revocation = {user_key(policy_.issuer, user.text), longest_lifetime_},
      .event = {EventType::kSignedOutEverywhere, user, keep, std::move(actor.address), now, std::string(to_string(reason)),
                std::move(actor.by)},
  };
  co_return co_await raise_token_version(std::move(change));
}

Task<Result<RaiseTokenVersionOutcome>> Revocations::block_user(UserId user, Block block, Actor actor) {
  const WallTime now = clock_.wall_now();
  RaiseTokenVersion change{
      .user = user,
      .keep = std::nullopt,
      .end = {now, EndReason::kBlocked},
      .revocation = {user_key(policy_.issuer, user.text), longest_lifetime_},
      .event = {EventType::kUserBlocked, user, std::nullopt, std::move(actor.address), now, block.reason, std::move(actor.by)},
  };
  change.block = std::move(block);
  co_return co_await raise_token_version(std::move(change));
}

Task<Result<RaiseTokenVersionOutcome>> Revocations::change_password(UserId user, std::optional<SessionId> keep,
                                                                    NewPassword password, Actor actor) {
  const WallTime now = clock_.wall_now();
  const bool is_reset = std::holds_alternative<ChallengeId>(password.entitled_by);
  RaiseTokenVersion change{
      .user = user,
      .keep = keep,
      .end = {now, EndReason::kPasswordChanged},
      .revocation = {user_key(policy_.issuer, user.text), longest_lifetime_},
      .event =
          {is_reset ? EventType::kPasswordReset : EventType::kPasswordChanged, user, keep, std::move(actor.address), now, {}},
      .password = std::move(password),
  };
  co_return co_await raise_token_version(std::move(change));
}

Task<Result<RaiseTokenVersionOutcome>> Revocations::change_user(UserId user, UserChange change, Actor actor) {
  const WallTime now = clock_.wall_now();
  RaiseTokenVersion raise{
      .user = user,
      .keep = std::nullopt,
      .end = {now, EndReason::kAdmin},
      .revocation = {user_key(policy_.issuer, user.text), longest_lifetime_},
      .event = {EventType::kRolesChanged, user, std::nullopt, std::move(actor.address), now, describe_roles(change),
                std::move(actor.by)},
      .others = OtherSessions::kStaySignedIn,
  };
  raise.change = std::move(change);
  co_return co_await raise_token_version(std::move(raise));
}

Task<Result<RaiseTokenVersionOutcome>> Revocations::change_email(UserId user, NewEmail email, std::optional<std::string> name,
                                                                 Actor actor) {
  const WallTime now = clock_.wall_now();
  RaiseTokenVersion raise{
      .user = user,
      .keep = std::nullopt,
      .end = {now, EndReason::kAdmin},  // ends none
      .revocation = {user_key(policy_.issuer, user.text), longest_lifetime_},
      .event = {EventType::kEmailChanged, user, std::nullopt, std::move(actor.address), now, name ? "and name" : "",
                std::move(actor.by)},
      .email = std::move(email),
      .change = {.name = std::move(name)},
      .others = OtherSessions::kStaySignedIn,
  };
  co_return co_await raise_token_version(std::move(raise));
}

Task<Result<DeleteUserOutcome>> Revocations::delete_user(UserId user, Actor actor) {
  const WallTime now = clock_.wall_now();
  DeleteUser change{
      .user = user,
      .revocation = {user_key(policy_.issuer, user.text), longest_lifetime_},
      .event = {EventType::kUserDeleted, user, std::nullopt, std::move(actor.address), now, {}, std::move(actor.by)},
  };
  Result<DeleteUserOutcome> outcome = co_await store_.delete_user(std::move(change));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  if (const auto* revocation = std::get_if<Revocation>(&*outcome)) {
    take_up(*revocation);
    co_return outcome;
  }
  // Perhaps this is the second time, and the answer to the first was lost: see end_session().
  Result<void> caught_up = co_await catch_up(&Store::list_revocations);
  if (!caught_up) co_return Unexpected(std::move(caught_up).error());
  co_return outcome;
}

Task<Result<RaiseTokenVersionOutcome>> Revocations::raise_token_version(RaiseTokenVersion change) {
  Result<RaiseTokenVersionOutcome> outcome = co_await store_.raise_token_version(std::move(change));
  if (outcome) {
    if (const auto* raised = std::get_if<TokenVersionRaised>(&*outcome)) take_up(raised->revocation);
  }
  co_return outcome;
}

Task<Result<Revocation>> Revocations::revoke_token(std::string token_id, std::chrono::sys_seconds expires_at, Actor actor) {
  const std::optional<UserId> owner = actor.user;
  Result<std::optional<Revocation>> instead = co_await sign_out_if_used_up(owner, EndReason::kRevokedByClient, actor);
  if (!instead) co_return Unexpected(std::move(instead).error());
  if (*instead) co_return **instead;
  const WallTime now = clock_.wall_now();
  // No token of ours lives longer than that, whatever the caller says of it.
  const auto expires = std::min(expires_at, to_seconds(now) + longest_lifetime_);
  RevocationDraft draft{RevocationKind::kToken, token_key(policy_.issuer, token_id), 0, expires};
  EventDraft event{EventType::kRevocationAdded, std::move(actor.user), std::nullopt, std::move(actor.address), now, "token",
                   std::move(actor.by)};
  const std::uint64_t head = index_.head();
  Result<Revocation> added = co_await add(draft, std::move(event));
  if (added && added->seq > head) count_own(owner);  // not where it was there before
  co_return added;
}

Task<Result<Revocation>> Revocations::revoke_before(RevocationKey key, std::chrono::sys_seconds before, std::string detail,
                                                    Actor actor) {
  const WallTime now = clock_.wall_now();
  if (before > to_seconds(now)) co_return fail(ErrorCode::kInvalidRequest, "\"before\" must not be later than now");
  RevocationDraft draft{RevocationKind::kBefore, key, before.time_since_epoch().count(), before + longest_lifetime_};
  EventDraft event{EventType::kRevocationAdded, std::move(actor.user), std::nullopt, std::move(actor.address), now,
                   std::move(detail),           std::move(actor.by)};
  co_return co_await add(draft, std::move(event));
}

Task<Result<Revocation>> Revocations::revoke_foreign(RevocationDraft draft, std::string detail, Actor actor) {
  // No user of ours: events are found by the names that this server gave.
  EventDraft event{EventType::kRevocationAdded, std::nullopt,      std::nullopt,       std::move(actor.address),
                   clock_.wall_now(),           std::move(detail), std::move(actor.by)};
  co_return co_await add(draft, std::move(event));
}

Task<Result<Purged>> Revocations::purge() {
  const WallTime until = clock_.wall_now() - policy_.leeway;
  Result<Purged> purged = co_await store_.purge(until, kPurgeStep);
  // The store remembers the horizon first: an index that has forgotten more than the store's horizon would, after a crash
  // and a clock that stepped back, have no ground to stand on.
  // And it looks at every entry: not at each of many steps, but with the last one, and now and then where there is no end.
  const bool is_due = to_seconds(until) >= index_.horizon() + kIndexPurgeInterval;
  if (purged && (is_due || !is_full_step(*purged))) index_.purge(to_seconds(until));
  co_return purged;
}

Task<Result<void>> Revocations::renew_lease() {
  const SteadyTime asked_at = clock_.steady_now();
  Result<StoreState> state = co_await store_.load_state();
  if (!state) co_return Unexpected(std::move(state).error());
  Result<void> caught_up = co_await catch_up(&Store::load_revocations);
  if (!caught_up) co_return caught_up;
  lease_.renew(asked_at);
  stamp_lease();
  co_return Result<void>();
}

}  // namespace rescind
