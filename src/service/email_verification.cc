#include "service/email_verification.h"

#include <utility>

#include "service/mail_link.h"

namespace rescind {

EmailVerification::EmailVerification(EmailRule rule, const LogInLimits& limits, Store& store, AccountMails* mails,
                                     const Clock& clock, Random& random)
    : rule_(rule), limits_(limits), store_(store), mails_(mails), clock_(clock), random_(random) {}

Task<Result<void>> EmailVerification::check(const User& user) {
  if (rule_ == EmailRule::kAnyAddress || user.email.empty() || user.email_verified_at) co_return Result<void>();
  UserId id = user.id;
  co_await greet(std::move(id));
  co_return fail(ErrorCode::kEmailNotVerified, "follow the link in the mail that we have sent to your address, then sign in");
}

Task<Result<void>> EmailVerification::send(UserId user) {
  if (mails_ == nullptr) co_return fail(ErrorCode::kMailUnavailable, "this server sends no mail");
  Result<std::optional<User>> found = co_await store_.find_user(std::move(user));
  if (!found) co_return Unexpected(std::move(found).error());
  if (!*found) co_return fail(ErrorCode::kNotFound, "no such user");
  const User& to = **found;
  if (to.email.empty() || to.email_verified_at) co_return Result<void>();
  const WallTime now = clock_.wall_now();
  std::vector<AttemptRule> rules = {describe_mail_to(to.id, ChallengePurpose::kVerifyEmail, limits_)};
  Result<void> allowed = co_await begin_attempt(store_, std::move(rules), now);
  if (!allowed) co_return allowed;
  MailLink link = create_mail_link(ChallengePurpose::kVerifyEmail, to, now + kVerifyLinkLifetime, random_);
  Result<void> created = co_await store_.create_challenge(std::move(link.challenge));
  if (!created) co_return created;
  if (mails_->send_verification(to, link.token, kVerifyLinkLifetime) == Queued::kQueueIsFull) {
    co_return fail(ErrorCode::kOverloaded, "too many mails are waiting");
  }
  co_return Result<void>();
}

Task<void> EmailVerification::greet(UserId user) {
  Task<void> work = send_quietly(std::move(user));
  co_await leave_running(std::move(work));
}

Task<void> EmailVerification::send_quietly(UserId user) { Result<void> ignored = co_await send(std::move(user)); }

Task<Result<void>> EmailVerification::verify(Secret token, std::string address) {
  const WallTime now = clock_.wall_now();
  Result<Challenge> link = co_await find_mail_link(store_, std::move(token), ChallengePurpose::kVerifyEmail, now);
  if (!link) co_return Unexpected(std::move(link).error());
  // Of many at once one goes on from here.
  Result<std::optional<Challenge>> used = co_await store_.consume_challenge(link->id, ChallengePurpose::kVerifyEmail, now);
  if (!used) co_return Unexpected(std::move(used).error());
  if (!*used) co_return refuse_mail_link();
  UserId user = *(*used)->user;
  EventDraft event{EventType::kEmailVerified, user, std::nullopt, std::move(address), now, {}};
  UserChange change{.email_verified_at = now};
  Result<ChangeUserOutcome> changed = co_await store_.change_user(std::move(user), std::move(change), std::move(event));
  if (!changed) co_return Unexpected(std::move(changed).error());
  if (std::holds_alternative<UserNotFound>(*changed)) co_return refuse_mail_link();
  co_return Result<void>();
}

}  // namespace rescind
