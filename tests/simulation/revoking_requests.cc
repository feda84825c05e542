#include <algorithm>
#include <utility>

#include "tests/simulation/simulation.h"

namespace rescind::simulation {
namespace {

constexpr const char* kIssuer = "https://id.example";

template <class T>
std::optional<Error> error_of(const Result<T>& answer) {
  return answer ? std::nullopt : std::optional(answer.error());
}

}  // namespace

Revoking& Simulation::begin_revoking(Revoking revoking) {
  revoking.span = model_.ask();
  if (revoking.kind == RevocationKind::kUser) {
    // The least that it must raise the version to; others may raise it further meanwhile.
    const std::optional<User> user = store_.durable().find_user(*revoking.user);
    revoking.value = user ? user->token_version + 1 : 0;
  }
  model_.revokings.push_back(std::move(revoking));
  return model_.revokings.back();
}

void Simulation::end_revoking(Revoking& revoking, const std::optional<Error>& error, std::uint64_t failures_before) {
  model_.close(revoking.span);
  if (!error) {
    revoking.acknowledged = true;
    count("revoked: " + std::string(to_string(revoking.kind)));
    verify_all();
    return;
  }
  const bool is_from_future = revoking.kind == RevocationKind::kBefore &&
                              revoking.value > to_seconds(revoking.span.asked_at).time_since_epoch().count();
  revoking.is_void = error->code == ErrorCode::kNotFound || (error->code == ErrorCode::kInvalidRequest && is_from_future);
  if (!revoking.is_void) check_failure(*error, failures_before);
}

Task<void> Simulation::end_session(KnownSession& session, EndBy by) {
  note("? end " + name_of(session));
  const std::uint64_t failures = store_.failures();
  Revoking& revoking = begin_revoking({.kind = RevocationKind::kSession, .session = session.id});
  Actor actor{"192.0.2.7", session.user};
  std::optional<Error> error;
  switch (by) {
    case EndBy::kLogOut: {
      const Result<void> done = co_await server_->sessions.log_out(session.id, std::move(actor));
      error = error_of(done);
      break;
    }
    case EndBy::kSignOut: {
      const Result<void> done = co_await server_->sessions.sign_out(session.user, session.id, std::move(actor));
      error = error_of(done);
      break;
    }
    case EndBy::kAdmin: {
      std::optional<UserId> owner;
      const auto done =
          co_await server_->revocations.revoke_session(session.id, std::move(owner), EndReason::kAdmin, std::move(actor));
      error = error_of(done);
      if (done && !*done) error = Error{ErrorCode::kNotFound, {}, {}};
      if (done && *done) check_entry(**done, to_seconds(server_->clock.wall_now()));
      break;
    }
    case EndBy::kAdminAny: {
      const auto done = co_await server_->revocations.revoke_any_session(session.id, std::move(actor));
      error = error_of(done);
      if (done) check_entry(*done, to_seconds(server_->clock.wall_now()));
      break;
    }
  }
  note("end " + name_of(session) + ": " + (error ? std::string(to_string(error->code)) : "ok"));
  end_revoking(revoking, error, failures);
}

Task<void> Simulation::log_out_all(UserId user, std::optional<SessionId> keep) {
  note("? log out " + user.text + " everywhere" + (keep ? " but here" : ""));
  const std::uint64_t failures = store_.failures();
  Revoking& revoking = begin_revoking({.kind = RevocationKind::kUser, .user = user, .keep = keep});
  Actor actor{"192.0.2.7", user};
  const Result<SignOutEverywhere> answer = co_await server_->sessions.log_out_all(user, keep, std::move(actor));
  note("log out " + user.text + " everywhere" + (keep ? " but here" : "") + ": " +
       (answer ? "ok" : std::string(to_string(answer.error().code))));
  end_revoking(revoking, error_of(answer), failures);
  if (!answer || !keep) co_return;
  const auto kept = std::ranges::find(model_.sessions, *keep, &KnownSession::id);
  if (!answer->pair) {
    const Attempt as_refresh{kept->in_hand, false, revoking.span};
    if (!model_.is_expiry_explained(*kept, as_refresh)) expect("a session that was to be kept is not there");
    revoking.keep.reset();
    co_return;
  }
  count("kept a session");
  const std::uint64_t generation = answer->pair->session.generation;
  kept->refresh_tokens.emplace(generation, answer->pair->refresh_token.reveal());
  kept->attempts.push_back({generation - 1, true, revoking.span});  // as good as a refresh
  kept->in_hand = std::max(kept->in_hand, generation);
  know_token(*answer->pair, revoking.span);
  if (model_.tokens.back().version < revoking.value) expect("a kept session was given a token of the old version");
}

Task<void> Simulation::revoke_token(std::size_t token) {
  const std::uint64_t failures = store_.failures();
  const Token& known = model_.tokens[token];
  Revoking& revoking = begin_revoking({.kind = RevocationKind::kToken, .token = known.id});
  Actor actor{"192.0.2.7", std::nullopt};
  const Result<Revocation> answer = co_await server_->revocations.revoke_token(known.id, known.expires_at, std::move(actor));
  note("revoke token " + std::to_string(token) + ": " + (answer ? "ok" : std::string(to_string(answer.error().code))));
  if (answer) check_entry(*answer, known.expires_at - longest_ttl_);
  end_revoking(revoking, error_of(answer), failures);
}

Task<void> Simulation::revoke_before(std::optional<UserId> user, std::optional<std::string> client,
                                     std::chrono::sys_seconds before) {
  const std::uint64_t failures = store_.failures();
  const RevocationKey key = user     ? before_subject_key(kIssuer, user->text)
                            : client ? before_client_key(kIssuer, *client)
                                     : before_issuer_key(kIssuer);
  Revoking& revoking = begin_revoking(
      {.kind = RevocationKind::kBefore, .user = user, .client = client, .value = before.time_since_epoch().count()});
  Actor actor{"192.0.2.7", std::nullopt};
  const Result<Revocation> answer = co_await server_->revocations.revoke_before(key, before, "before", std::move(actor));
  note("revoke before " + std::to_string(revoking.value) +
       (user     ? " of " + user->text
        : client ? " of a client"
                 : "") +
       ": " + (answer ? "ok" : std::string(to_string(answer.error().code))));
  end_revoking(revoking, error_of(answer), failures);
}

}  // namespace rescind::simulation
