#include "service/sessions.h"

#include <utility>

namespace rescind {

Sessions::Sessions(const SessionPolicy& session_policy, const LogInLimits& log_in_limits, SessionOpener& opener, Store& store,
                   Revocations& revocations, PasswordHasher& hasher, const CurrentKeys& keys, const Clock& clock,
                   Random& random, Metrics& metrics)
    : session_policy_(session_policy),
      log_in_limits_(log_in_limits),
      opener_(opener),
      store_(store),
      revocations_(revocations),
      hasher_(hasher),
      keys_(keys),
      clock_(clock),
      random_(random),
      refreshes_(metrics.counter("rescind_refreshes_total", "Refreshes that gave a pair.")),
      refreshes_reused_(metrics.counter("rescind_refreshes_reused_total", "Refresh tokens that two parties held.")) {}

std::optional<SessionId> Sessions::session_of_refresh_token(std::string_view refresh_token) const {
  const std::optional<RefreshTokenContent> content = keys_.get()->refresh_tokens().decode(refresh_token);
  if (!content) return std::nullopt;
  return content->session;
}

Task<Result<User>> Sessions::find_user(UserId user) {
  Result<std::optional<User>> found = co_await store_.find_user(std::move(user));
  if (!found) co_return Unexpected(std::move(found).error());
  if (!*found) co_return fail(ErrorCode::kNotFound, "no such user");
  co_return std::move(**found);
}

Task<Result<Session>> Sessions::rename(UserId user, SessionId session, std::string device) {
  Result<bool> renamed = co_await store_.rename_session(std::move(user), session, std::move(device));
  if (!renamed) co_return Unexpected(std::move(renamed).error());
  if (!*renamed) co_return fail(ErrorCode::kNotFound, "no such session");
  Result<std::optional<SessionAndUser>> found = co_await store_.find_session(session);
  if (!found) co_return Unexpected(std::move(found).error());
  if (!*found) co_return fail(ErrorCode::kNotFound, "no such session");
  co_return std::move((*found)->session);
}

Task<Result<User>> Sessions::rename_user(UserId user, std::string name, Actor actor) {
  EventDraft event{EventType::kProfileChanged, user,   std::nullopt,       std::move(actor.address),
                   clock_.wall_now(),          "name", std::move(actor.by)};
  UserChange change{.name = std::move(name)};
  auto renamed = co_await store_.change_user(std::move(user), std::move(change), std::move(event));
  if (!renamed) co_return Unexpected(std::move(renamed).error());
  if (std::holds_alternative<UserNotFound>(*renamed)) co_return fail(ErrorCode::kNotFound, "no such user");
  co_return std::get<User>(std::move(*renamed));
}

}  // namespace rescind
