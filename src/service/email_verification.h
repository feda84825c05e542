// Whether the address of an account is its user's: a mail with a link says so.
#ifndef RESCIND_SERVICE_EMAIL_VERIFICATION_H_
#define RESCIND_SERVICE_EMAIL_VERIFICATION_H_

#include <chrono>
#include <cstdint>
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

// Whose sessions may begin: a user without an address has none to verify, and always may.
enum class EmailRule : std::uint8_t { kAnyAddress, kVerifiedOnly };

// Thread-safety: any thread may call any member.
class EmailVerification {
 public:
  // `mails` is absent where this server sends none.
  EmailVerification(EmailRule rule, const LogInLimits& limits, Store& store, AccountMails* mails, const Clock& clock,
                    Random& random);

  EmailRule rule() const { return rule_; }

  // For who has proved to be `user`, before a session begins. kEmailNotVerified where the rule wants it, and then another mail
  // is on its way, within the user's limit of mails.
  Task<Result<void>> check(const User& user);

  // Nothing is sent to a user without an address or with one that is verified, which is no failure. kTooManyAttempts,
  // kMailUnavailable, kNotFound.
  Task<Result<void>> send(UserId user);

  // The same for a new account, after the answer to whoever made it; nobody learns the outcome.
  Task<void> greet(UserId user);

  // For whoever has the mail. kInvalidLink.
  Task<Result<void>> verify(Secret token, std::string address);

 private:
  Task<void> send_quietly(UserId user);

  const EmailRule rule_;
  const LogInLimits limits_;
  Store& store_;
  AccountMails* const mails_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_EMAIL_VERIFICATION_H_
