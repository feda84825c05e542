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
  Result<void> allowed = co_await begin_attempt(std::move(attempt.rules));
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

  Session session = start_session(user->id, request.device, {"pwd"});
  EventDraft event{EventType::kLoginSucceeded, user->id, session.id, request.device.address, session.created_at, {}};
  Result<TokenPair> pair = co_await open_session(std::move(session), MissingUser::kRefuse, std::move(event));
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
  Session session = start_session(request.user, request.device, {});
  session.client_id = std::move(request.client_id);
  session.claims_json = std::move(claims);
  EventDraft event{EventType::kSessionCreated, session.user, session.id, request.device.address, session.created_at, {}};
  co_return co_await open_session(std::move(session), MissingUser::kCreate, std::move(event));
}

Task<Result<void>> Sessions::begin_attempt(std::vector<AttemptRule> rules) {
  Result<BeginAttemptOutcome> begun = co_await store_.begin_attempt(std::move(rules), clock_.wall_now());
  if (!begun) co_return Unexpected(std::move(begun).error());
  if (const auto* wait = std::get_if<AttemptTooEarly>(&*begun)) {
    co_return Unexpected(Error{ErrorCode::kTooManyAttempts, "too many attempts; try again later", wait->retry_after});
  }
  co_return Result<void>();
}

Task<Result<TokenPair>> Sessions::open_session(Session session, MissingUser missing_user, EventDraft event) {
  const WallTime now = session.created_at;
  CreateSession change{std::move(session),
                       missing_user,
                       {session_policy_.max_per_user, session_policy_.at_limit, session_policy_.idle_ttl, token_policy_.issuer,
                        revocations_.longest_lifetime()},
                       std::move(event)};
  Result<CreateSessionOutcome> created = co_await store_.create_session(std::move(change));
  if (!created) co_return Unexpected(std::move(created).error());
  if (std::holds_alternative<UserNotFound>(*created)) co_return wrong_credentials();
  if (const auto* blocked = std::get_if<UserIsBlocked>(&*created)) {
    co_return fail(ErrorCode::kUserBlocked, blocked->block.reason.empty()
                                                ? "this account is blocked"
                                                : "this account is blocked: " + blocked->block.reason);
  }
  if (std::holds_alternative<SessionLimitReached>(*created)) {
    co_return fail(ErrorCode::kSessionLimit, "this account has as many sessions as it may have");
  }
  auto& opened = std::get<SessionCreated>(*created);
  for (const Revocation& evicted : opened.evicted) revocations_.take_up(evicted);
  co_return issue_pair(std::move(opened.subject), now);
}

}  // namespace rescind
