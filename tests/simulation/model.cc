#include "tests/simulation/model.h"

#include <algorithm>

namespace rescind::simulation {
namespace {

bool matches_before(const Revoking& revoking, const Token& token) {
  if (revoking.user && *revoking.user != token.user) return false;
  if (revoking.client && *revoking.client != token.client) return false;
  return token.issued_at.time_since_epoch().count() < revoking.value;
}

bool surely_refuses(const Revoking& revoking, const Token& token) {
  if (!revoking.acknowledged) return false;
  switch (revoking.kind) {
    case RevocationKind::kToken: return revoking.token == token.id;
    case RevocationKind::kSession: return revoking.session == token.session;
    case RevocationKind::kUser: return revoking.user == token.user && token.version < revoking.value;
    case RevocationKind::kBefore: return matches_before(revoking, token);
  }
  return false;
}

bool perhaps_refuses(const Revoking& revoking, const Token& token) {
  switch (revoking.kind) {
    case RevocationKind::kToken: return revoking.token == token.id;
    case RevocationKind::kSession: return revoking.session == token.session;
    // Whoever asks once the version was raised, or was not, gets a token that this request does not touch.
    case RevocationKind::kUser: return revoking.user == token.user && token.minted.asked < revoking.span.answered;
    case RevocationKind::kBefore: return matches_before(revoking, token);
  }
  return false;
}

bool ends(const Revoking& revoking, const KnownSession& session) {
  if (revoking.kind == RevocationKind::kSession) return revoking.session == session.id;
  return revoking.kind == RevocationKind::kUser && revoking.user == session.user && revoking.keep != session.id;
}

}  // namespace

bool Model::is_surely_revoked(const Token& token) const {
  return std::ranges::any_of(revokings, [&](const Revoking& revoking) { return surely_refuses(revoking, token); });
}

bool Model::may_count(const Revoking& revoking) const {
  if (revoking.is_void) return false;
  if (revoking.acknowledged || !revoking.suspect) return true;
  const auto session = std::ranges::find(sessions, *revoking.session, &KnownSession::id);
  Attempt attempt = session->attempts[*revoking.suspect];
  if (attempt.span.answered == kNever) attempt.span.answered_at = now_;
  return is_reuse_explained(*session, attempt);
}

bool Model::is_perhaps_revoked(const Token& token) const {
  return std::ranges::any_of(revokings,
                             [&](const Revoking& revoking) { return perhaps_refuses(revoking, token) && may_count(revoking); });
}

std::string Model::explain(const Token& token) const {
  std::string text;
  for (const Revoking& revoking : revokings) {
    if (!perhaps_refuses(revoking, token) || !may_count(revoking)) continue;
    text.append(text.empty() ? "" : ", ").append(to_string(revoking.kind));
    text.append(revoking.acknowledged ? " acknowledged" : " perhaps").append(" asked at ");
    text += std::to_string(revoking.span.asked_at.time_since_epoch().count());
    if (revoking.value != 0) text.append(" value ").append(std::to_string(revoking.value));
  }
  return text.empty() ? "nothing" : text;
}

void Model::close_all() {
  for (KnownSession& session : sessions) {
    for (Attempt& attempt : session.attempts) {
      if (attempt.span.answered == kNever) close(attempt.span);
    }
  }
  for (Revoking& revoking : revokings) {
    if (revoking.span.answered == kNever) close(revoking.span);
  }
}

bool Model::had_surely_ended(const KnownSession& session, Moment when) const {
  return std::ranges::any_of(revokings, [&](const Revoking& revoking) {
    if (!revoking.acknowledged || revoking.span.answered >= when || !ends(revoking, session)) return false;
    // Raising the version ends the sessions that there are.
    return revoking.kind == RevocationKind::kSession || session.created.answered < revoking.span.asked;
  });
}

bool Model::has_perhaps_ended(const KnownSession& session) const {
  return std::ranges::any_of(revokings, [&](const Revoking& revoking) {
    // One that was to be kept and had expired ends with the others; the answer would have told.
    const bool was_perhaps_not_kept = revoking.keep == session.id && !revoking.acknowledged;
    return (was_perhaps_not_kept || ends(revoking, session)) && may_count(revoking);
  });
}

Breach Model::check_verified(const Token& token, const Result<void>& answer, WallTime now, bool lease_is_live) const {
  const bool has_expired = to_seconds(now) >= token.expires_at + rules_.leeway;
  if (answer) {
    if (!lease_is_live) return "good although the lease has run out";
    if (is_surely_revoked(token)) return "good although a revocation was acknowledged";
    if (has_expired) return "good although it has expired";
    return std::nullopt;
  }
  switch (answer.error().code) {
    case ErrorCode::kVerifierStale: return lease_is_live ? Breach("stale although the lease is live") : std::nullopt;
    case ErrorCode::kTokenRevoked:
      return is_perhaps_revoked(token) ? std::nullopt : Breach("refused as revoked although nothing revoked it");
    case ErrorCode::kTokenExpired: return has_expired ? std::nullopt : Breach("refused as expired before its time");
    default: break;
  }
  return "refused as " + std::string(to_string(answer.error().code));
}

Breach Model::check_minted(const Token& token) const {
  if (token.expires_at - token.issued_at != rules_.access_ttl) return "a token of another lifetime than configured";
  if (token.issued_at < to_seconds(token.minted.asked_at)) return "a token issued before it was asked for";
  if (token.issued_at > to_seconds(token.minted.answered_at)) return "a token from the future";
  // A version that was raised, and acknowledged, before anybody asked for this token.
  for (const Revoking& revoking : revokings) {
    const bool was_raised = revoking.kind == RevocationKind::kUser && revoking.acknowledged && revoking.user == token.user &&
                            revoking.span.answered < token.minted.asked;
    if (was_raised && token.version < revoking.value) return "a token of a version that was raised before";
  }
  return std::nullopt;
}

Breach Model::check_refreshed(const KnownSession& session, std::size_t attempt, std::uint64_t generation) const {
  const Attempt& now = session.attempts[attempt];
  if (generation != now.presented + 1) return "a generation has two successors";
  if (had_surely_ended(session, now.span.asked)) return "a refresh passed after the session's end was acknowledged";
  for (const Attempt& other : session.attempts) {
    if (!other.succeeded || other.span.answered >= now.span.asked) continue;
    if (other.presented > now.presented) return "a refresh token older than the previous one passed";
    if (other.presented == now.presented && is_grace_over(session, other, now))
      return "the previous refresh token passed after the grace";
  }
  return check_lifetime(session, now);
}

// `other` has got the successor, from itself or from one that asked before: any of these reached it at the latest when it was
// answered. (Not simply `other`: after a restart the clock may stand a little earlier than at the rotation.)
bool Model::is_grace_over(const KnownSession& session, const Attempt& other, const Attempt& now) const {
  if (rules_.session.refresh_grace == std::chrono::seconds(0)) return true;
  WallTime reached_at = other.span.answered_at;
  for (const Attempt& attempt : session.attempts) {
    if (attempt.presented != other.presented || attempt.span.asked >= other.span.answered) continue;
    reached_at = std::max(reached_at, attempt.span.answered < now.span.asked ? attempt.span.answered_at : highest_);
  }
  return now.span.asked_at >= reached_at + rules_.session.refresh_grace;
}

// "Sign out everywhere but here" rotates as well; where its answer is not known, so is the generation.
bool Model::may_have_rotated_unseen(const KnownSession& session, const Attempt& attempt) const {
  return std::ranges::any_of(revokings, [&](const Revoking& revoking) {
    return revoking.keep == session.id && !revoking.acknowledged && !revoking.is_void &&
           revoking.span.asked < attempt.span.answered;
  });
}

Breach Model::check_lifetime(const KnownSession& session, const Attempt& attempt) const {
  if (may_have_rotated_unseen(session, attempt)) return std::nullopt;
  WallTime last_used = session.created.answered_at;
  for (const Attempt& other : session.attempts) {
    if (&other == &attempt || other.span.asked >= attempt.span.answered) continue;
    if (other.span.answered_at == WallTime::max()) return std::nullopt;
    last_used = std::max(last_used, other.span.answered_at);
  }
  if (attempt.span.asked_at >= last_used + rules_.session.idle_ttl) return "a refresh passed after the idle lifetime";
  if (attempt.span.asked_at >= session.created.answered_at + rules_.session.absolute_ttl) {
    return "a refresh passed after the absolute lifetime";
  }
  return std::nullopt;
}

// Two parties hold a token where somebody else has gone on from it: past its successor, or from itself longer ago than the
// grace. An attempt whose outcome nobody knows may have been that somebody.
bool Model::is_reuse_explained(const KnownSession& session, const Attempt& attempt) const {
  if (may_have_rotated_unseen(session, attempt)) return true;
  return std::ranges::any_of(session.attempts, [&](const Attempt& other) {
    if (other.span.asked == attempt.span.asked || other.span.asked > attempt.span.answered) return false;
    if (other.presented > attempt.presented) return true;
    if (other.presented != attempt.presented) return false;
    const bool is_strict = rules_.session.refresh_grace == std::chrono::seconds(0);
    return is_strict || other.span.asked_at + rules_.session.refresh_grace <= attempt.span.answered_at;
  });
}

bool Model::is_expiry_explained(const KnownSession& session, const Attempt& attempt) const {
  if (has_perhaps_ended(session)) return true;  // and purged since
  const WallTime at = attempt.span.answered_at;
  if (at >= session.created.asked_at + rules_.session.absolute_ttl) return true;
  // Its last use is the rotation of the newest token that is known to have passed, or one after that.
  std::uint64_t newest = 0;
  for (const Attempt& passed : session.attempts) {
    if (passed.succeeded && passed.span.answered < attempt.span.asked) newest = std::max(newest, passed.presented);
  }
  WallTime last_used = newest == 0 ? session.created.asked_at : highest_;
  for (const Attempt& later : session.attempts) {
    if (later.span.asked != attempt.span.asked && later.presented >= newest)
      last_used = std::min(last_used, later.span.asked_at);
  }
  return at >= last_used + rules_.session.idle_ttl;
}

Breach Model::check_refresh_failed(const KnownSession& session, std::size_t attempt, const Error& error) const {
  const Attempt& now = session.attempts[attempt];
  switch (error.code) {
    case ErrorCode::kStoreUnavailable: return std::nullopt;  // explained by the store's failures, see Simulation
    case ErrorCode::kRefreshReused:
      return is_reuse_explained(session, now) ? std::nullopt : Breach("reuse found where one party holds the token");
    case ErrorCode::kSessionRevoked:
      return has_perhaps_ended(session) ? std::nullopt : Breach("a session is ended that nobody ended");
    case ErrorCode::kSessionExpired:
      return is_expiry_explained(session, now) ? std::nullopt : Breach("a session expired before its time");
    default: return "a refresh failed with " + std::string(to_string(error.code));
  }
}

}  // namespace rescind::simulation
