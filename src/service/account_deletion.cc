#include "service/account_deletion.h"

#include <utility>

namespace rescind {

Task<Result<void>> AccountDeletion::remove(PresentUser by) {
  Actor actor{by.address, by.user};
  UserId user = by.user;
  Result<void> shown = co_await reauthentication_.check(std::move(by), max_age_, "deletion of the account");
  if (!shown) co_return shown;
  co_return co_await users_.remove(std::move(user), std::move(actor));
}

}  // namespace rescind
