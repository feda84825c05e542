#include "service/passwords.h"

#include <utility>

#include "service/mail_link.h"

namespace rescind {
namespace {

Unexpected<Error> wrong_password() { return fail(ErrorCode::kInvalidCredentials, "wrong password"); }

}  // namespace

Passwords::Passwords(const LogInLimits& limits, Store& store, Revocations& revocations, SessionOpener& opener,
                     PasswordHasher& hasher, AccountMails* mails, const Clock& clock, Random& random)
    : limits_(limits),
      store_(store),
      revocations_(revocations),
      opener_(opener),
      hasher_(hasher),
      mails_(mails),
      clock_(clock),
      random_(random) {}

Task<Result<SignOutEverywhere>> Passwords::change(ChangePassword request) {
  Result<void> length = hasher_.check_length(request.fresh);
  if (!length) co_return Unexpected(std::move(length).error());
  Result<std::optional<User>> found = co_await store_.find_user(request.user);
  if (!found) co_return Unexpected(std::move(found).error());
  if (!*found) co_return wrong_password();
  const User& user = **found;
  Result<void> checked = co_await check_current(user, std::move(request.current), request.address, "change of the password");
  if (!checked) co_return Unexpected(std::move(checked).error());
  Result<std::string> hash = co_await hasher_.hash(std::move(request.fresh));
  if (!hash) co_return Unexpected(std::move(hash).error());

  const WallTime now = clock_.wall_now();
  Result<std::optional<SessionId>> keep = co_await opener_.keep_if_alive(request.session, now);
  if (!keep) co_return Unexpected(std::move(keep).error());
  NewPassword password{std::move(*hash), user.password_hash};
  Actor actor{request.address, user.id};
  Result<RaiseTokenVersionOutcome> outcome =
      co_await revocations_.change_password(user.id, *keep, std::move(password), std::move(actor));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  auto* raised = std::get_if<TokenVersionRaised>(&*outcome);
  if (raised == nullptr) co_return wrong_password();  // another change was quicker, and this one's current password is old
  SignOutEverywhere done;
  if (raised->kept) done.pair = opener_.issue_pair({std::move(*raised->kept), std::move(raised->user)}, now);
  co_return done;
}

Task<Result<void>> Passwords::check_current(const User& user, Secret password, std::string address, std::string_view for_what) {
  LogInAttempt attempt = describe_attempt(parse_email(user.email), address, limits_);
  Result<void> allowed = co_await begin_attempt(store_, std::move(attempt.rules), clock_.wall_now());
  if (!allowed) co_return allowed;
  Result<bool> matches = co_await hasher_.check(std::move(password), user.password_hash);
  if (!matches) {
    Result<void> ignored = co_await store_.settle_attempt(std::move(attempt.if_not_tried), clock_.wall_now());
    co_return Unexpected(std::move(matches).error());
  }
  if (!*matches) {
    EventDraft event{EventType::kLoginFailed, user.id,           std::nullopt,
                     std::move(address),      clock_.wall_now(), std::string(for_what)};
    Result<void> written = co_await store_.append_event(std::move(event));
    if (!written) co_return written;
    co_return wrong_password();
  }
  co_return co_await store_.settle_attempt(std::move(attempt.if_it_succeeds), clock_.wall_now());
}

Task<Result<void>> Passwords::ask_reset(std::string email, std::string address) {
  if (mails_ == nullptr) co_return fail(ErrorCode::kMailUnavailable, "this server sends no mail");
  std::vector<AttemptRule> rules = {describe_mail_request(address, limits_)};
  Result<void> allowed = co_await begin_attempt(store_, std::move(rules), clock_.wall_now());
  if (!allowed) co_return allowed;
  Task<void> work = send_reset(parse_email(email), std::move(address));
  co_await leave_running(std::move(work));
  co_return Result<void>();
}

// Nobody waits for the outcome: where the store fails there is no mail, and the user asks again.
Task<void> Passwords::send_reset(std::optional<EmailKey> email, std::string address) {
  if (!email) co_return;
  Result<std::optional<User>> found = co_await store_.find_user_by_email(std::move(*email));
  if (!found || !*found) co_return;
  const User& user = **found;
  const WallTime now = clock_.wall_now();
  if (is_blocked(user, now)) co_return;
  std::vector<AttemptRule> rules = {describe_mail_to(user.id, ChallengePurpose::kResetPassword, limits_)};
  Result<void> allowed = co_await begin_attempt(store_, std::move(rules), now);
  if (!allowed) co_return;
  Actor actor{std::move(address), user.id};
  Result<void> ignored = co_await mail_reset(user, std::move(actor), now);
}

Task<Result<void>> Passwords::send_reset_to(UserId id, Actor actor) {
  if (mails_ == nullptr) co_return fail(ErrorCode::kMailUnavailable, "this server sends no mail");
  Result<std::optional<User>> found = co_await store_.find_user(std::move(id));
  if (!found) co_return Unexpected(std::move(found).error());
  if (!*found) co_return fail(ErrorCode::kNotFound, "no such user");
  const User& user = **found;
  const WallTime now = clock_.wall_now();
  if (user.email.empty()) co_return fail(ErrorCode::kInvalidRequest, "this account has no e-mail address");
  if (is_blocked(user, now)) co_return fail(ErrorCode::kUserBlocked, "this account is blocked; a reset would not lift it");
  co_return co_await mail_reset(user, std::move(actor), now);
}

// The mail goes first, so that the event can say whether it did.
Task<Result<void>> Passwords::mail_reset(const User& user, Actor actor, WallTime now) {
  MailLink link = create_mail_link(ChallengePurpose::kResetPassword, user, now + kResetLinkLifetime, random_);
  Result<void> created = co_await store_.create_challenge(std::move(link.challenge));
  if (!created) co_return created;
  const Queued queued = mails_->send_reset(user, link.token, kResetLinkLifetime);
  std::string detail(queued == Queued::kYes ? "" : kNoMailWentOut);
  EventDraft event{EventType::kPasswordResetAsked,
                   user.id,
                   std::nullopt,
                   std::move(actor.address),
                   now,
                   std::move(detail),
                   std::move(actor.by)};
  Result<void> written = co_await store_.append_event(std::move(event));
  if (!written) co_return written;
  if (queued == Queued::kQueueIsFull) co_return fail(ErrorCode::kOverloaded, "too many mails are waiting");
  co_return Result<void>();
}

Task<Result<void>> Passwords::reset(Secret token, Secret fresh, std::string address) {
  Result<void> length = hasher_.check_length(fresh);
  if (!length) co_return length;
  Result<Challenge> challenge =
      co_await find_mail_link(store_, std::move(token), ChallengePurpose::kResetPassword, clock_.wall_now());
  if (!challenge) co_return Unexpected(std::move(challenge).error());
  Result<std::string> hash = co_await hasher_.hash(std::move(fresh));
  if (!hash) co_return Unexpected(std::move(hash).error());

  const UserId user = *challenge->user;
  NewPassword password{std::move(*hash), challenge->id};
  Actor actor{address, user};
  Result<RaiseTokenVersionOutcome> outcome =
      co_await revocations_.change_password(user, std::nullopt, std::move(password), std::move(actor));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  const auto* raised = std::get_if<TokenVersionRaised>(&*outcome);
  if (raised == nullptr) co_return refuse_mail_link();
  // Somebody's guesses from elsewhere do not keep the owner out here. The password is new already, whatever becomes of this.
  if (const std::optional<EmailKey> email = parse_email(raised->user.email)) {
    std::vector<SettledBucket> proven = describe_proof(*email, address);
    Result<void> ignored = co_await store_.settle_attempt(std::move(proven), clock_.wall_now());
  }
  co_return Result<void>();
}

}  // namespace rescind
