// A user takes another e-mail address: a link goes to the new one, a notice to the old one, and following the link is the
// change.
#ifndef RESCIND_SERVICE_EMAIL_CHANGE_H_
#define RESCIND_SERVICE_EMAIL_CHANGE_H_

#include <chrono>
#include <string>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/secret.h"
#include "mail/account_mails.h"
#include "service/log_in_limits.h"
#include "service/reauthentication.h"
#include "service/revocations.h"
#include "store/store.h"

namespace rescind {

inline constexpr std::chrono::minutes kEmailChangeLinkLifetime{30};

// Thread-safety: any thread may call any member.
class EmailChange {
 public:
  // `max_age`: how long ago the log-in may be. `mails` is absent where this server sends none.
  EmailChange(std::chrono::seconds max_age, const LogInLimits& limits, Store& store, Revocations& revocations,
              Reauthentication& reauthentication, AccountMails* mails, const Clock& clock, Random& random);

  // Whether anybody has the address shows in nothing here: its mailbox is what learns of it. kMailUnavailable, kOverloaded,
  // what Reauthentication::check() may refuse, and kTooManyAttempts by the caller's address, the account and the new address.
  // kInvalidRequest where `email` is no address, or the account has no address: such a user signs in by the application.
  Task<Result<void>> ask(PresentUser by, std::string email);

  // For whoever has the mail: the address is the account's, and verified. The sessions live on, and every other link that is
  // out for the account is void. kInvalidLink, kEmailTaken.
  Task<Result<void>> confirm(Secret token, std::string address);

 private:
  const std::chrono::seconds max_age_;
  const LogInLimits limits_;
  Store& store_;
  Revocations& revocations_;
  Reauthentication& reauthentication_;
  AccountMails* const mails_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_EMAIL_CHANGE_H_
