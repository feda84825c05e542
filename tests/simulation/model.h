// What clients know, and what follows from it. The model is told what was asked and what was answered, never looks into the
// server, and says where an answer breaks a guarantee of docs/guarantees.md.
//
// A revocation that was acknowledged must refuse ("surely"). One that is under way, or was answered with an error, or was
// cut off by a crash may refuse ("perhaps"). What no revocation perhaps refuses must be good.
#ifndef RESCIND_TESTS_SIMULATION_MODEL_H_
#define RESCIND_TESTS_SIMULATION_MODEL_H_

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/ids.h"
#include "domain/session.h"
#include "rescind/revocation.h"

namespace rescind::simulation {

using Moment = std::uint64_t;  // counts what happened; later is greater
inline constexpr Moment kNever = std::numeric_limits<Moment>::max();

// When something was asked and answered: by the order of things, and on the server's clock.
struct Span {
  Moment asked = 0;
  Moment answered = kNever;
  WallTime asked_at;
  WallTime answered_at = WallTime::max();
};

// An access token that the server gave to anybody.
struct Token {
  std::string text;
  std::string id;
  SessionId session;
  UserId user;
  std::string client;
  std::int64_t version = 0;
  std::chrono::sys_seconds issued_at;
  std::chrono::sys_seconds expires_at;
  Span minted;
};

// A request that revokes something when it succeeds.
struct Revoking {
  RevocationKind kind = RevocationKind::kSession;
  std::string token{};                  // kToken
  std::optional<SessionId> session{};   // kSession
  std::optional<UserId> user{};         // kUser, kBefore
  std::optional<std::string> client{};  // kBefore; with neither of both: the whole issuer
  std::optional<SessionId> keep{};      // kUser
  std::int64_t value = 0;               // kUser: the least good version, once known; kBefore: seconds
  bool acknowledged = false;
  bool is_void = false;  // answered in a way that says: nothing was done
  // The place of a refresh in its session's attempts: this is the end it brings about if its token is found to be reused.
  std::optional<std::size_t> suspect{};
  Span span{};
};

struct Attempt {
  std::uint64_t presented = 0;
  bool succeeded = false;
  Span span;
};

struct KnownSession {
  SessionId id;
  UserId user;
  std::string client;
  Span created;
  std::map<std::uint64_t, std::string> refresh_tokens;  // by generation
  std::uint64_t in_hand = 1;                            // what the honest client holds
  std::vector<Attempt> attempts;
};

struct Rules {
  std::chrono::seconds access_ttl{60};
  std::chrono::seconds leeway{5};
  std::chrono::milliseconds lease{5000};
  SessionPolicy session;
};

// Each check gives the rule that was broken, or nothing.
using Breach = std::optional<std::string>;

// Thread-safety: one thread.
class Model {
 public:
  explicit Model(Rules rules) : rules_(rules) {}

  Moment next_moment() { return ++moment_; }
  void set_access_ttl(std::chrono::seconds ttl) { rules_.access_ttl = ttl; }

  void set_now(WallTime now) {
    now_ = now;
    highest_ = std::max(highest_, now);
  }
  WallTime highest_time() const { return highest_; }
  Span ask() { return {.asked = next_moment(), .asked_at = now_}; }
  void close(Span& span) {
    span.answered = next_moment();
    span.answered_at = now_;
  }
  // A crash: whatever is open will never be answered.
  void close_all();

  // These only grow, and references into them hold.
  std::deque<KnownSession> sessions;
  std::deque<Token> tokens;
  std::deque<Revoking> revokings;

  Breach check_verified(const Token& token, const Result<void>& answer, WallTime now, bool lease_is_live) const;

  Breach check_refreshed(const KnownSession& session, std::size_t attempt, std::uint64_t generation) const;
  Breach check_refresh_failed(const KnownSession& session, std::size_t attempt, const Error& error) const;
  Breach check_minted(const Token& token) const;
  bool is_expiry_explained(const KnownSession& session, const Attempt& attempt) const;

  std::string explain(const Token& token) const;  // which revocations may touch it
  bool is_surely_revoked(const Token& token) const;
  bool is_perhaps_revoked(const Token& token) const;
  bool had_surely_ended(const KnownSession& session, Moment when) const;
  bool has_perhaps_ended(const KnownSession& session) const;

 private:
  bool may_count(const Revoking& revoking) const;
  bool may_have_rotated_unseen(const KnownSession& session, const Attempt& attempt) const;
  bool is_reuse_explained(const KnownSession& session, const Attempt& attempt) const;
  bool is_grace_over(const KnownSession& session, const Attempt& other, const Attempt& now) const;
  Breach check_lifetime(const KnownSession& session, const Attempt& attempt) const;

  Rules rules_;
  Moment moment_ = 0;
  WallTime now_;  // of the server
  WallTime highest_;
};

}  // namespace rescind::simulation

#endif  // RESCIND_TESTS_SIMULATION_MODEL_H_
