#include <utility>

#include "tests/simulation/simulation.h"

namespace rescind::simulation {
namespace {

// An error that says for certain that nothing was done.
bool says_nothing_was_done(ErrorCode code) { return code != ErrorCode::kStoreUnavailable; }

template <class T>
std::string outcome_of(const Result<T>& answer) {
  return answer ? "ok" : std::string(to_string(answer.error().code));
}

Device some_device() { return {"device", "agent", "192.0.2.7"}; }

}  // namespace

Task<void> Simulation::load() {
  Server& server = *server_;
  const SteadyTime asked_at = clock_.steady_now();
  const Result<void> loaded = co_await server.revocations.load();
  if (!loaded) {
    note("load failed");
    load_is_due_ = true;
    co_return;
  }
  server.loaded = true;
  server.lease_ends = asked_at + rules_.lease;
  model_.set_now(server.clock.wall_now());
  note("loaded " + std::to_string(server.revocations.live_count()) + " revocations");
  if (server.revocations.live_count() > 0) count("restart with revocations");
  verify_all();
}

Task<void> Simulation::renew_lease() {
  Server& server = *server_;
  renewing_ = true;
  const SteadyTime asked_at = clock_.steady_now();
  const std::uint64_t failures = store_.failures();
  const Result<void> renewed = co_await server.revocations.renew_lease();
  renewing_ = false;
  if (renewed) {
    server.lease_ends = std::max(server.lease_ends, asked_at + rules_.lease);
  } else {
    check_failure(renewed.error(), failures);
  }
}

Task<void> Simulation::purge() {
  Server& server = *server_;
  purging_ = true;
  const bool begins_alone = in_flight_ == 1;
  const std::uint64_t spawned = spawned_;
  const auto until = to_seconds(server.clock.wall_now() - rules_.leeway);
  const std::uint64_t head = store_.durable().facts().head;
  const std::uint64_t failures = store_.failures();
  const Result<Purged> purged = co_await server.revocations.purge();
  purging_ = false;
  if (!purged) {
    check_failure(purged.error(), failures);
    co_return;
  }
  note("purged " + std::to_string(purged->revocations) + " revocations, " + std::to_string(purged->sessions) + " sessions");
  if (purged->revocations > 0) count("purged revocations");
  check_purged(until, head, begins_alone && spawned == spawned_);
  verify_all();
}

Task<void> Simulation::adopt(UserId user, std::string client) {
  const std::uint64_t failures = store_.failures();
  Span span = model_.ask();
  AdoptSession request{std::move(user), std::move(client), {}, some_device()};
  const Result<TokenPair> answer = co_await server_->sessions.adopt(std::move(request));
  model_.close(span);
  note("adopt: " + outcome_of(answer));
  if (!answer) {
    check_failure(answer.error(), failures);
    co_return;
  }
  count("adopted");
  know_session(*answer, span);
}

Task<void> Simulation::sign_up(std::string email) {
  const std::uint64_t failures = store_.failures();
  Span span = model_.ask();
  SignUp request{email, Secret("correct horse " + email), "Name", some_device()};
  const Result<SignedUp> answer = co_await server_->sessions.sign_up(std::move(request));
  model_.close(span);
  note("sign up " + email + ": " + outcome_of(answer));
  if (!answer) {
    // Taken by one whose answer was lost, perhaps.
    if (answer.error().code != ErrorCode::kEmailTaken) check_failure(answer.error(), failures);
    co_return;
  }
  count("signed up");
  emails_.push_back(email);
  users_.push_back(answer->user.id);
  know_session(answer->pair.value(), span);
}

Task<void> Simulation::log_in(std::string email) {
  const bool is_wrong = random_.one_in(4);
  const std::uint64_t attempts = ++log_ins_[email];
  const std::uint64_t failures = store_.failures();
  Span span = model_.ask();
  LogIn request{email, Secret((is_wrong ? "wrong horse " : "correct horse ") + email), some_device()};
  const Result<TokenPair> answer = co_await server_->sessions.log_in(std::move(request));
  model_.close(span);
  note("log in " + email + ": " + outcome_of(answer));
  if (!answer) {
    const bool has_to_wait = answer.error().code == ErrorCode::kTooManyAttempts;
    if (has_to_wait && attempts > LogInLimits{}.pair.free_attempts) co_return;
    if (!is_wrong || answer.error().code != ErrorCode::kInvalidCredentials) check_failure(answer.error(), failures);
    co_return;
  }
  if (is_wrong) expect("a wrong password passed");
  count("logged in");
  know_session(*answer, span);
}

Task<void> Simulation::refresh(KnownSession& session, std::uint64_t generation, bool answer_is_lost) {
  const std::uint64_t failures = store_.failures();
  note("? refresh " + name_of(session) + " from " + std::to_string(generation));
  const std::size_t place = session.attempts.size();
  session.attempts.push_back({generation, false, model_.ask()});
  // What it ends, should its token be found to be reused.
  Revoking& session_end = begin_revoking({.kind = RevocationKind::kSession, .session = session.id, .suspect = place});
  Revoking* everywhere = nullptr;
  if (rules_.session.on_reuse == SessionPolicy::OnReuse::kUser) {
    everywhere =
        &begin_revoking({.kind = RevocationKind::kUser, .session = session.id, .user = session.user, .suspect = place});
  }

  Secret token(session.refresh_tokens.at(generation));
  std::string address = "192.0.2.9";
  const Result<TokenPair> answer = co_await server_->sessions.refresh(std::move(token), std::move(address));
  model_.close(session.attempts[place].span);
  note("refresh " + name_of(session) + " from " + std::to_string(generation) + ": " + outcome_of(answer));

  const bool is_reused = !answer && answer.error().code == ErrorCode::kRefreshReused;
  for (Revoking* end : {&session_end, everywhere}) {
    if (end == nullptr) continue;
    model_.close(end->span);
    end->acknowledged = is_reused;
    end->is_void = answer || (!is_reused && says_nothing_was_done(answer.error().code));
  }
  if (!answer) {
    count("refresh: " + outcome_of(answer));
    if (answer.error().code == ErrorCode::kStoreUnavailable) check_failure(answer.error(), failures);
    expect(model_.check_refresh_failed(session, place, answer.error()));
    if (is_reused) verify_all();
    co_return;
  }
  expect(model_.check_refreshed(session, place, answer->session.generation));
  session.attempts[place].succeeded = true;
  count(session.refresh_tokens.contains(generation + 1) ? "refresh: same successor" : "refresh: ok");
  session.refresh_tokens.emplace(generation + 1, answer->refresh_token.reveal());
  if (session.refresh_tokens.at(generation + 1) != answer->refresh_token.reveal()) expect("a generation has two successors");
  if (!answer_is_lost) session.in_hand = std::max(session.in_hand, generation + 1);
  if (answer->session.id != session.id) expect("a refresh gave another session");
  know_token(*answer, session.attempts[place].span);
}

Task<void> Simulation::refresh_forged(KnownSession& session) {
  std::string forged = std::prev(session.refresh_tokens.end())->second;
  const std::size_t prefix = 4;
  char& c = forged[prefix + random_.below(forged.size() - prefix - 1)];  // the last one has bits that must be zero
  c = c == 'A' ? 'B' : 'A';
  Secret token(std::move(forged));
  std::string address = "192.0.2.66";
  const Result<TokenPair> answer = co_await server_->sessions.refresh(std::move(token), std::move(address));
  note("refresh " + name_of(session) + " with a forged token: " + outcome_of(answer));
  count("refresh: forged");
  if (answer) expect("a forged refresh token passed");
  if (!answer && answer.error().code != ErrorCode::kInvalidToken) expect("a forged refresh token had an effect");
}

Task<void> Simulation::list_sessions(UserId user) {
  const std::uint64_t failures = store_.failures();
  const Span span = model_.ask();
  const Result<std::vector<Session>> listed = co_await server_->sessions.list(user);
  if (!listed) {
    check_failure(listed.error(), failures);
    co_return;
  }
  for (const Session& session : *listed) {
    if (session.user != user) expect("somebody else's session is listed");
    for (const KnownSession& known : model_.sessions) {
      if (known.id == session.id && model_.had_surely_ended(known, span.asked)) expect("an ended session is listed");
    }
  }
}

}  // namespace rescind::simulation
