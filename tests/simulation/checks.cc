#include <utility>

#include "tests/simulation/simulation.h"

namespace rescind::simulation {

void Simulation::expect(const Breach& breach) {
  if (!breach || !breach_.empty()) return;
  breach_ = *breach;
  note("BREACH: " + breach_);
}

void Simulation::note(std::string line) {
  const auto time = server_ ? server_->clock.wall_now() : clock_.wall_now();
  trace_.add(std::to_string(time.time_since_epoch().count()) + " " + std::move(line));
}

std::string Simulation::name_of(const KnownSession& session) const {
  for (std::size_t i = 0; i < model_.sessions.size(); ++i) {
    if (&model_.sessions[i] == &session) return "session " + std::to_string(i) + " of " + session.user.text;
  }
  return "?";
}

void Simulation::verify(const Token& token) {
  if (!server_->loaded || !breach_.empty()) return;
  const WallTime now = server_->clock.wall_now();
  const Result<VerifiedToken> verified = server_->check.check(token.text);
  const Result<void> answer = verified ? Result<void>() : Result<void>(Unexpected(verified.error()));
  const Breach breach = model_.check_verified(token, answer, now, clock_.steady_now() < server_->lease_ends);
  count(answer ? "verify: good" : "verify: " + std::string(to_string(answer.error().code)));
  if (breach) {
    note("token of " + token.user.text + " version " + std::to_string(token.version) + " issued " +
         std::to_string(token.issued_at.time_since_epoch().count()) + " expires " +
         std::to_string(token.expires_at.time_since_epoch().count()) + " client \"" + token.client + "\"; touched by " +
         model_.explain(token));
    expect(breach);
  }
}

void Simulation::verify_all() {
  for (const Token& token : model_.tokens) verify(token);
}

void Simulation::know_session(const TokenPair& pair, const Span& span) {
  KnownSession session;
  session.id = pair.session.id;
  session.user = pair.user.id;
  session.client = pair.session.client_id;
  session.created = span;
  session.refresh_tokens.emplace(1, pair.refresh_token.reveal());
  model_.sessions.push_back(std::move(session));
  know_token(pair, span);
  check_created(pair);
}

void Simulation::know_token(const TokenPair& pair, const Span& span) {
  const Result<AuthenticToken> authentic = server_->check.identify(pair.access_token);
  if (!authentic) return expect("a token that the server itself does not know");
  const Claims& claims = authentic->claims();
  const std::optional<SessionId> session = SessionId::parse(claims.session_id);
  if (!session || *session != pair.session.id || claims.subject != pair.user.id.text) return expect("a token of somebody else");
  model_.tokens.push_back({.text = pair.access_token,
                           .id = std::string(claims.token_id),
                           .session = *session,
                           .user = UserId{std::string(claims.subject)},
                           .client = std::string(claims.client_id),
                           .version = claims.token_version.value_or(0),
                           .issued_at = claims.issued_at,
                           .expires_at = claims.expires_at,
                           .minted = span});
  expect(model_.check_minted(model_.tokens.back()));
  verify(model_.tokens.back());
}

// A session that is alive was not there when the version was last raised, so its first token has the version of now.
void Simulation::check_created(const TokenPair& pair) {
  const std::optional<SessionAndUser> durable = store_.durable().find_session(pair.session.id);
  // Expired or ended, and purged already: the clock may have been set forward by more than a day since the end was asked for.
  const bool has_expired = server_->clock.wall_now() >= pair.session.expires_at + kSessionRetention;
  if (!durable && (has_expired || model_.has_perhaps_ended(model_.sessions.back()))) return;
  if (!durable) return expect("a session that was acknowledged is not there");
  const bool has_old_version = model_.tokens.back().version < durable->user.token_version;
  if (!durable->session.ended && has_old_version) expect("a new session was given a token of an old version");
}

// Later is waste: an entry need not outlive every token that it can match.
void Simulation::check_entry(const Revocation& entry, std::chrono::sys_seconds least_end) {
  // The highest: the entry may be one that was made before the clock was set back.
  const auto now = to_seconds(std::max(server_->clock.wall_now(), model_.highest_time()));
  if (entry.expires > std::max(now, least_end) + longest_ttl_) expect("a revocation outlives every token");
}

void Simulation::check_purged(std::chrono::sys_seconds until, std::uint64_t head, bool is_alone) {
  const MemoryState durable = store_.durable();
  const std::vector<Revocation> rows = durable.list_revocations(0, 100'000);
  for (const Revocation& row : rows) {
    if (row.seq <= head && row.expires <= until) expect("a purge left an entry whose time is over");
  }
  // Others that were under way may have purged the store, or written to the index, and not yet the other one.
  if (is_alone && server_->revocations.live_count() > rows.size()) expect("the index holds entries that the store has purged");
}

// Whoever reads the audit log finds what happened, each once.
void Simulation::check_events() {
  const MemoryState durable = store_.durable();
  std::map<std::string, std::int64_t> ends;
  std::map<std::string, std::int64_t> raises;
  for (const Event& event : durable.list_events({.limit = 100'000})) {
    const EventType type = event.draft.type;
    // Where reuse ends all of the user's sessions, each party that is found out is an event of its own.
    const bool is_end_of_all = type == EventType::kRefreshReused && rules_.session.on_reuse == SessionPolicy::OnReuse::kUser;
    const bool is_end = type == EventType::kSessionRevoked || type == EventType::kRefreshReused;
    if (is_end && !is_end_of_all) ++ends[event.draft.session->text()];
    if (type == EventType::kSignedOutEverywhere) ++raises[event.draft.user->text];
  }
  for (const auto& [session, times] : ends) {
    if (times > 1) expect("a session's end stands in the audit log twice");
    const auto row = durable.find_session(*SessionId::parse(session));
    if (row && !row->session.ended) expect("the audit log tells of an end that did not happen");
  }
  for (const auto& [user, times] : raises) {
    const auto row = durable.find_user(UserId{user});
    if (!row || row->token_version != times + 1) expect("the audit log tells of other sign-outs than there were");
  }
}

// An answer that blames the store is right where the store has failed since the question.
void Simulation::check_failure(const Error& error, std::uint64_t failures_before) {
  if (error.code == ErrorCode::kStoreUnavailable && store_.failures() > failures_before) return;
  expect("failed with " + std::string(to_string(error.code)));
}

}  // namespace rescind::simulation
