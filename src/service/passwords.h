// The use cases around a password: change it, ask for a link that resets it, reset it.
#ifndef RESCIND_SERVICE_PASSWORDS_H_
#define RESCIND_SERVICE_PASSWORDS_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/secret.h"
#include "mail/account_mails.h"
#include "service/log_in_limits.h"
#include "service/password_hasher.h"
#include "service/revocations.h"
#include "service/session_opener.h"
#include "service/sessions.h"
#include "store/store.h"

namespace rescind {

struct ChangePassword {
  UserId user;
  std::optional<SessionId> session;  // the caller's, which stays signed in
  Secret current;
  Secret fresh;
  std::string address;
};

inline constexpr std::chrono::minutes kResetLinkLifetime{30};

// Thread-safety: any thread may call any member.
class Passwords {
 public:
  // `mails` is absent where this server sends none.
  Passwords(const LogInLimits& limits, Store& store, Revocations& revocations, SessionOpener& opener, PasswordHasher& hasher,
            AccountMails* mails, const Clock& clock, Random& random);

  // Signs out every other session. A wrong current password counts as a log-in attempt, so that who has stolen an access token
  // cannot guess with it: kInvalidCredentials, kTooManyAttempts. kInvalidRequest for a new one of a wrong length.
  Task<Result<SignOutEverywhere>> change(ChangePassword request);

  // Whether `password` is the user's; a wrong one counts as above, and leaves an event that says what it was `for_what`.
  Task<Result<void>> check_current(const User& user, Secret password, std::string address, std::string_view for_what);

  // Whether there is such an account shows in nothing: what has to be done for one is done after the answer, and its limit of
  // mails is silent. kTooManyAttempts for the address, kMailUnavailable.
  Task<Result<void>> ask_reset(std::string email, std::string address);

  // For an administrator: the same mail to this user, beyond any limit of mails. kNotFound, kMailUnavailable, kOverloaded;
  // kInvalidRequest where the user has no address, kUserBlocked.
  Task<Result<void>> send_reset_to(UserId user, Actor actor);

  // For whoever has the mail: signs out everywhere, verifies the address (see NewPassword), lifts no block, gives no session.
  // kInvalidLink, kInvalidRequest.
  Task<Result<void>> reset(Secret token, Secret fresh, std::string address);

 private:
  Task<void> send_reset(std::optional<EmailKey> email, std::string address);
  Task<Result<void>> mail_reset(const User& user, Actor actor, WallTime now);

  const LogInLimits limits_;
  Store& store_;
  Revocations& revocations_;
  SessionOpener& opener_;
  PasswordHasher& hasher_;
  AccountMails* const mails_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_PASSWORDS_H_
