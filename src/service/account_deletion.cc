#include "service/account_deletion.h"

#include <utility>

namespace rescind {

Task<Result<void>> AccountDeletion::remove(DeleteAccount request) {
  if (request.password) {
    Result<std::optional<User>> found = co_await store_.find_user(request.user);
    if (!found) co_return Unexpected(std::move(found).error());
    if (!*found) co_return fail(ErrorCode::kNotFound, "no such user");
    Result<void> checked =
        co_await passwords_.check_current(**found, std::move(*request.password), request.address, "deletion of the account");
    if (!checked) co_return checked;
  } else if (clock_.wall_now() - request.authenticated_at > max_age_) {
    co_return Unexpected(Error{ErrorCode::kReauthenticationRequired,
                               "sign in again before you delete the account, or give its password", std::nullopt, max_age_});
  }
  Actor actor{std::move(request.address), request.user};
  co_return co_await users_.remove(std::move(request.user), std::move(actor));
}

}  // namespace rescind
