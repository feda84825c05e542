// The use cases around a session: sign up, log in, refresh, log out, list. One file a use case.
#ifndef RESCIND_SERVICE_SESSIONS_H_
#define RESCIND_SERVICE_SESSIONS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/secret.h"
#include "domain/session.h"
#include "domain/user.h"
#include "service/log_in_limits.h"
#include "service/password_hasher.h"
#include "service/revocations.h"
#include "service/session_opener.h"
#include "store/store.h"
#include "token/current_keys.h"

namespace rescind {

struct SignUp {
  std::string email;
  Secret password;
  std::string name;
  Device device;
};

struct LogIn {
  std::string email;
  Secret password;
  Device device;
};

// "Bring your own login": the application has authenticated the user itself.
struct AdoptSession {
  UserId user;
  std::string client_id;    // may be empty
  std::string claims_json;  // may be empty
  Device device;
  std::string by = {};                // as of Actor
  std::vector<std::string> amr = {};  // how (RFC 8176), as far as it says so
};

struct SignOutEverywhere {
  std::optional<TokenPair> pair;  // for the session that was kept
};

// A refresh token as RFC 7662 sees it.
struct RefreshTokenState {
  Session session;
  bool is_good = false;  // would be taken now
};

// Thread-safety: any thread may call any member.
class Sessions {
 public:
  Sessions(const SessionPolicy& session_policy, const LogInLimits& log_in_limits, SessionOpener& opener, Store& store,
           Revocations& revocations, PasswordHasher& hasher, const CurrentKeys& keys, const Clock& clock, Random& random,
           Metrics& metrics);

  Task<Result<SignedUp>> sign_up(SignUp request);
  Task<Result<TokenPair>> log_in(LogIn request);
  Task<Result<TokenPair>> adopt(AdoptSession request);
  Task<Result<TokenPair>> refresh(Secret refresh_token, std::string address);

  // For whoever has shown a token of the session. Idempotent: one that has ended is fine, and of one that the store does not
  // know every access token is refused from now on.
  Task<Result<void>> log_out(SessionId session, Actor actor);
  // Absent where the token's MAC is not ours.
  std::optional<SessionId> session_of_refresh_token(std::string_view refresh_token) const;

  // `keep` stays signed in and gets a fresh pair, if it is alive: an expired session ends with the others.
  Task<Result<SignOutEverywhere>> log_out_all(UserId user, std::optional<SessionId> keep, Actor actor);

  // The sessions that are alive, newest first.
  Task<Result<std::vector<Session>>> list(UserId user);
  // The label in the list. kNotFound where the session is not one of the user's, or is over.
  Task<Result<Session>> rename(UserId user, SessionId session, std::string device);
  // kNotFound where the session is not one of the user's, or has ended.
  Task<Result<void>> sign_out(UserId user, SessionId session, Actor actor);

  Task<Result<User>> find_user(UserId user);  // kNotFound
  Task<Result<User>> rename_user(UserId user, std::string name, Actor actor);

  // kInvalidRequest where `until` is not later than now. kNotFound.
  Task<Result<User>> block_user(UserId user, Block block, Actor actor);
  // Lifts a block, if there is one. The user has to sign in anew. kNotFound.
  Task<Result<User>> unblock_user(UserId user, Actor actor);

  // Absent where it is not one of ours, or its session is unknown.
  Task<Result<std::optional<RefreshTokenState>>> inspect_refresh_token(Secret refresh_token);

 private:
  Task<Result<User>> authenticate(const LogIn& request, const std::optional<EmailKey>& email, const LogInAttempt& attempt);
  Task<std::string> upgrade_password(const User& user, Secret password, std::string address);
  TokenPair give_successor(SessionAndUser&& subject, WallTime now, const KeyRing& keys);
  Task<Result<TokenPair>> end_reused(Session session, std::string address);

  const SessionPolicy session_policy_;
  const LogInLimits log_in_limits_;
  SessionOpener& opener_;
  Store& store_;
  Revocations& revocations_;
  PasswordHasher& hasher_;
  const CurrentKeys& keys_;
  const Clock& clock_;
  Random& random_;
  Counter& refreshes_;
  Counter& refreshes_reused_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_SESSIONS_H_
