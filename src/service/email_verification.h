// Whether the address of an account is its user's: a mail with a link says so.
#ifndef RESCIND_SERVICE_EMAIL_VERIFICATION_H_
#define RESCIND_SERVICE_EMAIL_VERIFICATION_H_

#include <chrono>
#include <string>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/secret.h"
#include "mail/account_mails.h"
#include "service/log_in_limits.h"
#include "store/store.h"

namespace rescind {

inline constexpr std::chrono::hours kVerifyLinkLifetime{24};

// Thread-safety: any thread may call any member.
class EmailVerification {
 public:
  // `mails` is absent where this server sends none.
  EmailVerification(const LogInLimits& limits, Store& store, AccountMails* mails, const Clock& clock, Random& random);

  // Nothing is sent to a user without an address or with one that is verified, which is no failure. kTooManyAttempts,
  // kMailUnavailable, kNotFound.
  Task<Result<void>> send(UserId user);

  // The same for a new account, after the answer to whoever made it; nobody learns the outcome.
  Task<void> greet(UserId user);

  // For whoever has the mail. kInvalidLink.
  Task<Result<void>> verify(Secret token, std::string address);

 private:
  Task<void> send_quietly(UserId user);

  const LogInLimits limits_;
  Store& store_;
  AccountMails* const mails_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_EMAIL_VERIFICATION_H_
