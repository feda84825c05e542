// A user deletes the account that is the user's own.
#ifndef RESCIND_SERVICE_ACCOUNT_DELETION_H_
#define RESCIND_SERVICE_ACCOUNT_DELETION_H_

#include <chrono>
#include <optional>
#include <string>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "service/passwords.h"
#include "service/users.h"
#include "store/store.h"

namespace rescind {

struct DeleteAccount {
  UserId user;
  WallTime authenticated_at;       // of the caller's session
  std::optional<Secret> password;  // where the log-in was too long ago
  std::string address;
};

// Thread-safety: any thread may call any member.
class AccountDeletion {
 public:
  // `max_age`: how long ago the log-in may be. A stolen token is not to end an account.
  AccountDeletion(std::chrono::seconds max_age, Store& store, Passwords& passwords, Users& users, const Clock& clock)
      : max_age_(max_age), store_(store), passwords_(passwords), users_(users), clock_(clock) {}

  // As Users::remove(). Where there is a password, it alone counts, and a wrong one is a log-in attempt: kInvalidCredentials,
  // kTooManyAttempts. Else kReauthenticationRequired.
  Task<Result<void>> remove(DeleteAccount request);

 private:
  const std::chrono::seconds max_age_;
  Store& store_;
  Passwords& passwords_;
  Users& users_;
  const Clock& clock_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_ACCOUNT_DELETION_H_
