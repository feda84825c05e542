// A user deletes the account that is the user's own.
#ifndef RESCIND_SERVICE_ACCOUNT_DELETION_H_
#define RESCIND_SERVICE_ACCOUNT_DELETION_H_

#include <chrono>

#include "base/async.h"
#include "base/error.h"
#include "service/reauthentication.h"
#include "service/users.h"

namespace rescind {

// Thread-safety: any thread may call any member.
class AccountDeletion {
 public:
  // `max_age`: how long ago the log-in may be. A stolen token is not to end an account.
  AccountDeletion(std::chrono::seconds max_age, Reauthentication& reauthentication, Users& users)
      : max_age_(max_age), reauthentication_(reauthentication), users_(users) {}

  // As Users::remove(), and what Reauthentication::check() may refuse.
  Task<Result<void>> remove(PresentUser by);

 private:
  const std::chrono::seconds max_age_;
  Reauthentication& reauthentication_;
  Users& users_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_ACCOUNT_DELETION_H_
