// Opens a session for a user who has been authenticated, by whatever means, and issues its pairs of tokens. The one place
// where a session begins: after a password, a passkey, or the application's own word; and where log-ins are counted.
#ifndef RESCIND_SERVICE_SESSION_OPENER_H_
#define RESCIND_SERVICE_SESSION_OPENER_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/secret.h"
#include "domain/session.h"
#include "domain/user.h"
#include "service/email_verification.h"
#include "service/revocations.h"
#include "store/store.h"
#include "token/access_token.h"
#include "token/current_keys.h"

namespace rescind {

// What the client says of itself, for the device list. Cut to the domain's limits by the service.
struct Device {
  std::string label;
  std::string user_agent;
  std::string address;
};

struct TokenPair {
  std::string access_token;
  Secret refresh_token;
  std::chrono::seconds expires_in{0};       // of the access token
  std::chrono::seconds refresh_max_age{0};  // until the session's absolute end
  User user;
  Session session;
};

// A new account, and the session that it begins with; absent where its e-mail address has to be verified first.
struct SignedUp {
  User user;
  std::optional<TokenPair> pair;
};

// Thread-safety: any thread may call any member.
class SessionOpener {
 public:
  // `id_random` makes ids of sessions and tokens, which are no secrets.
  SessionOpener(const SessionPolicy& session_policy, AccessTokenPolicy token_policy, Store& store, Revocations& revocations,
                EmailVerification& verification, const CurrentKeys& keys, const Clock& clock, Random& id_random,
                Metrics& metrics);

  // A session that nobody knows of yet. `amr`: how the user was authenticated (RFC 8176).
  Session start(const UserId& user, const Device& device, std::vector<std::string> amr) const;

  // Makes a started session durable, within the user's limit of sessions, and issues its first pair: on the application's word,
  // also for a user who is not there yet. kUserBlocked, kSessionLimit.
  Task<Result<TokenPair>> adopt(Session session, EventDraft event);

  // The same for a user who has signed in by himself, with `credential`. Absent where that is not the user's any more: nothing
  // has happened then. kUserBlocked, kSessionLimit, kEmailNotVerified, each of which leaves an event as a failed log-in.
  // `event` is that of success.
  Task<Result<std::optional<TokenPair>>> log_in(const User& user, Credential credential, Session session, EventDraft event);

  // A log-in that ended before that: counts it, and writes what it was.
  Task<Result<void>> note_failure(EventDraft event);

  // A new user with the started session of `change`, in one step of the store. kEmailTaken, and what a first passkey may be
  // refused for: kPasskeyTaken, kInvalidChallenge.
  Task<Result<SignedUp>> sign_up(CreateUser change);

  // `session`, where it is alive: for a step that ends all others and gives this one a fresh pair.
  Task<Result<std::optional<SessionId>>> keep_if_alive(std::optional<SessionId> session, WallTime now);

  // The pair of a step that the store has committed. `now` is the moment that the store was given with that step, not a later
  // one: a revocation that the store commits after it outlives every token that the step can give (see RevocationOfIssued).
  TokenPair issue_pair(SessionAndUser subject, WallTime now) const;
  // The same with the keys that the caller has taken before that step.
  TokenPair issue_pair(SessionAndUser subject, WallTime now, const KeyRing& keys) const;

 private:
  Task<Result<std::optional<TokenPair>>> open(CreateSession change);
  Task<Result<std::optional<TokenPair>>> try_log_in(const User& user, CreateSession change);
  SessionLimit limit_of(const UserId& user);

  const SessionPolicy session_policy_;
  const AccessTokenPolicy token_policy_;
  Store& store_;
  Revocations& revocations_;
  EmailVerification& verification_;
  const CurrentKeys& keys_;
  const Clock& clock_;
  Random& id_random_;
  Counter& logins_succeeded_;
  Counter& logins_failed_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_SESSION_OPENER_H_
