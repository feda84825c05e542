#include <utility>

#include "service/sessions.h"

namespace rescind {
namespace {

Unexpected<Error> wrong_credentials() { return fail(ErrorCode::kInvalidCredentials, "wrong e-mail address or password"); }

}  // namespace

// Unknown user and wrong password take the same path and the same time. That an account is blocked is said only to whoever
// knows its password.
Task<Result<TokenPair>> Sessions::log_in(LogIn request) {
  const std::optional<EmailKey> email = parse_email(request.email);
  LogInAttempt attempt = describe_attempt(email, request.device.address, log_in_limits_);
  Result<void> allowed = co_await begin_attempt(store_, std::move(attempt.rules), clock_.wall_now());
  if (!allowed) co_return Unexpected(std::move(allowed).error());

  std::optional<User> user;
  if (email) {
    EmailKey key = *email;
    Result<std::optional<User>> found = co_await store_.find_user_by_email(std::move(key));
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
    co_return wrong_credentials();
  }
  Result<void> settled = co_await store_.settle_attempt(std::move(attempt.if_it_succeeds), clock_.wall_now());
  if (!settled) co_return Unexpected(std::move(settled).error());

  Session session = opener_.start(user->id, request.device, {"pwd"});
  EventDraft event{EventType::kLoginSucceeded, user->id, session.id, request.device.address, session.created_at, {}};
  Result<TokenPair> pair = co_await opener_.open(std::move(session), MissingUser::kRefuse, std::move(event));
  if (pair) logins_succeeded_.increment();
  co_return pair;
}

Task<Result<TokenPair>> Sessions::adopt(AdoptSession request) {
  std::string claims;
  if (!request.claims_json.empty()) {
    Result<std::string> checked = check_custom_claims(request.claims_json);
    if (!checked) co_return Unexpected(std::move(checked).error());
    claims = std::move(*checked);
  }
  Session session = opener_.start(request.user, request.device, {});
  session.client_id = std::move(request.client_id);
  session.claims_json = std::move(claims);
  EventDraft event{EventType::kSessionCreated, session.user, session.id, request.device.address, session.created_at, {}};
  co_return co_await opener_.open(std::move(session), MissingUser::kCreate, std::move(event));
}

}  // namespace rescind
