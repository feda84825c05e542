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
  Secret password = request.password;
  Result<bool> matches = co_await hasher_.check(std::move(password), std::move(password_hash));
  if (!matches) {
    // Nobody looked at the password. Counted as guesses, a crowd at the door would keep the owner out.
    Result<void> ignored = co_await store_.settle_attempt(std::move(attempt.if_not_tried), clock_.wall_now());
    co_return Unexpected(std::move(matches).error());
  }
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

  co_await upgrade_password(*user, std::move(request.password), request.device.address);
  Session session = opener_.start(user->id, request.device, {"pwd"});
  EventDraft event{EventType::kLoginSucceeded, user->id, session.id, request.device.address, session.created_at, {}};
  Result<TokenPair> pair = co_await opener_.log_in(*user, std::move(session), std::move(event));
  if (pair) logins_succeeded_.increment();
  co_return pair;
}

// What cannot be done now is done at another log-in.
Task<void> Sessions::upgrade_password(User user, Secret password, std::string address) {
  std::string stored = user.password_hash;
  Result<std::optional<std::string>> upgraded = co_await hasher_.upgrade(std::move(password), std::move(stored));
  if (!upgraded || !*upgraded) co_return;
  EventDraft event{EventType::kProfileChanged, user.id,           std::nullopt,
                   std::move(address),         clock_.wall_now(), "form of the password hash"};
  UserChange change{.password = PasswordUpgrade{user.password_hash, std::move(**upgraded)}};
  Result<ChangeUserOutcome> ignored = co_await store_.change_user(user.id, std::move(change), std::move(event));
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
  EventDraft event{EventType::kSessionCreated, session.user, session.id,           request.device.address,
                   session.created_at,         {},           std::move(request.by)};
  co_return co_await opener_.open(std::move(session), MissingUser::kCreate, std::move(event));
}

}  // namespace rescind
