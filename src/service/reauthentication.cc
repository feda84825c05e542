#include "service/reauthentication.h"

#include <utility>

namespace rescind {

Task<Result<void>> Reauthentication::check(PresentUser by, std::chrono::seconds max_age, std::string_view for_what) {
  if (by.password) {
    Result<std::optional<User>> found = co_await store_.find_user(by.user);
    if (!found) co_return Unexpected(std::move(found).error());
    if (!*found) co_return fail(ErrorCode::kNotFound, "no such user");
    co_return co_await passwords_.check_current(**found, std::move(*by.password), std::move(by.address), for_what);
  }
  if (clock_.wall_now() - by.authenticated_at > max_age) {
    co_return Unexpected(Error{ErrorCode::kReauthenticationRequired,
                               "sign in again for the " + std::string(for_what) + ", or give the password", std::nullopt,
                               max_age});
  }
  co_return Result<void>();
}

}  // namespace rescind
