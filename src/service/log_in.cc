#include <utility>

#include "service/sessions.h"
#include "token/name_lists.h"

namespace rescind {
namespace {

// Where the password was replaced, or its hash upgraded, between the look at it and the session: once more, by what it is now.
constexpr int kMaxRounds = 8;

Unexpected<Error> wrong_credentials() { return fail(ErrorCode::kInvalidCredentials, "wrong e-mail address or password"); }

}  // namespace

// Unknown user and wrong password take the same path and the same time. That an account is blocked is said only to whoever
// knows its password.
Task<Result<TokenPair>> Sessions::log_in(LogIn request) {
  const std::optional<EmailKey> email = parse_email(request.email);
  LogInAttempt attempt = describe_attempt(email, request.device.address, log_in_limits_);
  Result<void> allowed = co_await begin_attempt(store_, std::move(attempt.rules), clock_.wall_now());
  if (!allowed) co_return Unexpected(std::move(allowed).error());

  for (int round = 0; round < kMaxRounds; ++round) {
    Result<User> user = co_await authenticate(request, email, attempt);
    if (!user) co_return Unexpected(std::move(user).error());
    std::vector<SettledBucket> succeeded = attempt.if_it_succeeds;
    Result<void> settled = co_await store_.settle_attempt(std::move(succeeded), clock_.wall_now());
    if (!settled) co_return Unexpected(std::move(settled).error());

    Secret password = request.password;
    std::string hash = co_await upgrade_password(*user, std::move(password), request.device.address);
    Credential credential = CheckedPassword{std::move(hash)};
    Session session = opener_.start(user->id, request.device, {"pwd"});
    EventDraft event{EventType::kLoginSucceeded, user->id, session.id, request.device.address, session.created_at, {}};
    Result<std::optional<TokenPair>> pair =
        co_await opener_.log_in(*user, std::move(credential), std::move(session), std::move(event));
    if (!pair) co_return Unexpected(std::move(pair).error());
    if (*pair) co_return std::move(**pair);
  }
  co_return fail(ErrorCode::kInternal, "a log-in with a password found no rest");
}

// The user whose password it is now.
Task<Result<User>> Sessions::authenticate(const LogIn& request, const std::optional<EmailKey>& email,
                                          const LogInAttempt& attempt) {
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
    std::vector<SettledBucket> not_tried = attempt.if_not_tried;
    Result<void> ignored = co_await store_.settle_attempt(std::move(not_tried), clock_.wall_now());
    co_return Unexpected(std::move(matches).error());
  }
  if (!user || !*matches) {
    EventDraft event{EventType::kLoginFailed, std::nullopt, std::nullopt, request.device.address, clock_.wall_now(), {}};
    if (user) event.user = user->id;
    Result<void> noted = co_await opener_.note_failure(std::move(event));
    if (!noted) co_return Unexpected(std::move(noted).error());
    co_return wrong_credentials();
  }
  co_return std::move(*user);
}

// The hash that the password matches and the user has afterwards, unless somebody has changed it meanwhile. What cannot be
// done now is done at another log-in.
Task<std::string> Sessions::upgrade_password(const User& user, Secret password, std::string address) {
  std::string stored = user.password_hash;
  Result<std::optional<std::string>> upgraded = co_await hasher_.upgrade(std::move(password), std::move(stored));
  if (!upgraded || !*upgraded) co_return user.password_hash;
  EventDraft event{EventType::kProfileChanged, user.id,           std::nullopt,
                   std::move(address),         clock_.wall_now(), "form of the password hash"};
  UserChange change{.password = PasswordUpgrade{user.password_hash, **upgraded}};
  Result<ChangeUserOutcome> changed = co_await store_.change_user(user.id, std::move(change), std::move(event));
  const User* const now = changed ? std::get_if<User>(&*changed) : nullptr;
  co_return now != nullptr && now->password_hash == **upgraded ? **upgraded : user.password_hash;
}

Task<Result<TokenPair>> Sessions::adopt(AdoptSession request) {
  std::string claims;
  if (!request.claims_json.empty()) {
    Result<std::string> checked = check_custom_claims(request.claims_json);
    if (!checked) co_return Unexpected(std::move(checked).error());
    claims = std::move(*checked);
  }
  if (!are_authentication_methods(request.amr)) {
    co_return fail(ErrorCode::kInvalidRequest, std::string(kAuthenticationMethodsRule));
  }
  Session session = opener_.start(request.user, request.device, std::move(request.amr));
  session.client_id = std::move(request.client_id);
  session.claims_json = std::move(claims);
  EventDraft event{EventType::kSessionCreated, session.user, session.id,           request.device.address,
                   session.created_at,         {},           std::move(request.by)};
  co_return co_await opener_.adopt(std::move(session), std::move(event));
}

}  // namespace rescind
