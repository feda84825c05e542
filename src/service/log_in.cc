#include <utility>

#include "service/sessions.h"

namespace rescind {

// Unknown user and wrong password take the same path and the same time.
Task<Result<TokenPair>> Sessions::log_in(LogIn request) {
  std::optional<User> user;
  if (std::optional<EmailKey> email = parse_email(request.email)) {
    Result<std::optional<User>> found = co_await store_.find_user_by_email(std::move(*email));
    if (!found) co_return Unexpected(std::move(found).error());
    user = std::move(*found);
  }
  std::string password_hash = user ? user->password_hash : std::string();
  Result<bool> matches = co_await hasher_.check(std::move(request.password), std::move(password_hash));
  if (!matches) co_return Unexpected(std::move(matches).error());
  if (!user || !*matches) {
    logins_failed_.increment();
    EventDraft event{EventType::kLoginFailed, std::nullopt, std::nullopt, request.device.address, clock_.wall_now(), {}};
    if (user) event.user = user->id;
    Result<void> written = co_await store_.append_event(std::move(event));
    if (!written) co_return Unexpected(std::move(written).error());
    co_return fail(ErrorCode::kInvalidCredentials, "wrong e-mail address or password");
  }

  Session session = start_session(user->id, request.device, {"pwd"});
  const WallTime now = session.created_at;
  EventDraft event{EventType::kLoginSucceeded, user->id, session.id, request.device.address, now, {}};
  Result<CreateSessionOutcome> created =
      co_await store_.create_session(std::move(session), MissingUser::kRefuse, std::move(event));
  if (!created) co_return Unexpected(std::move(created).error());
  if (std::holds_alternative<UserNotFound>(*created)) {
    co_return fail(ErrorCode::kInvalidCredentials, "wrong e-mail address or password");
  }
  logins_succeeded_.increment();
  co_return issue_pair(std::get<SessionAndUser>(std::move(*created)), now);
}

Task<Result<TokenPair>> Sessions::adopt(AdoptSession request) {
  std::string claims;
  if (!request.claims_json.empty()) {
    Result<std::string> checked = check_custom_claims(request.claims_json);
    if (!checked) co_return Unexpected(std::move(checked).error());
    claims = std::move(*checked);
  }
  Session session = start_session(request.user, request.device, {});
  session.client_id = std::move(request.client_id);
  session.claims_json = std::move(claims);
  const WallTime now = session.created_at;
  EventDraft event{EventType::kSessionCreated, session.user, session.id, request.device.address, now, {}};
  Result<CreateSessionOutcome> created =
      co_await store_.create_session(std::move(session), MissingUser::kCreate, std::move(event));
  if (!created) co_return Unexpected(std::move(created).error());
  if (std::holds_alternative<UserNotFound>(*created)) co_return fail(ErrorCode::kInternal, "the store made no user");
  co_return issue_pair(std::get<SessionAndUser>(std::move(*created)), now);
}

}  // namespace rescind
