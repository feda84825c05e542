#include "service/email_change.h"

#include <utility>

#include "service/mail_link.h"

namespace rescind {

EmailChange::EmailChange(std::chrono::seconds max_age, const LogInLimits& limits, Store& store, Revocations& revocations,
                         Reauthentication& reauthentication, AccountMails* mails, const Clock& clock, Random& random)
    : max_age_(max_age),
      limits_(limits),
      store_(store),
      revocations_(revocations),
      reauthentication_(reauthentication),
      mails_(mails),
      clock_(clock),
      random_(random) {}

Task<Result<void>> EmailChange::ask(PresentUser by, std::string email) {
  if (mails_ == nullptr) co_return fail(ErrorCode::kMailUnavailable, "this server sends no mail");
  const std::optional<EmailKey> key = parse_email(email);
  if (!key) co_return fail(ErrorCode::kInvalidRequest, "\"email\" is not an e-mail address");
  UserId id = by.user;
  std::string address = by.address;
  Result<void> shown = co_await reauthentication_.check(std::move(by), max_age_, "change of the e-mail address");
  if (!shown) co_return shown;
  Result<std::optional<User>> found = co_await store_.find_user(id);
  if (!found) co_return Unexpected(std::move(found).error());
  if (!*found) co_return fail(ErrorCode::kNotFound, "no such user");
  const User& user = **found;
  if (user.email.empty()) {
    co_return fail(ErrorCode::kInvalidRequest, "this account has no e-mail address; the application signs its user in");
  }
  const WallTime now = clock_.wall_now();
  std::vector<AttemptRule> rules = {describe_mail_request(address, limits_),
                                    describe_mail_to(id, ChallengePurpose::kChangeEmail, limits_),
                                    describe_mail_to_new(*key, limits_)};
  Result<void> allowed = co_await begin_attempt(store_, std::move(rules), now);
  if (!allowed) co_return allowed;
  MailLink link = create_mail_link(ChallengePurpose::kChangeEmail, user, now + kEmailChangeLinkLifetime, random_, email);
  Result<void> created = co_await store_.create_challenge(std::move(link.challenge));
  if (!created) co_return created;
  // The notice first: no link goes out of which the owner does not hear. And both before the event, which says what became of
  // it.
  const bool is_queued = mails_->send_change_notice(user) == Queued::kYes &&
                         mails_->send_change(user, email, link.token, kEmailChangeLinkLifetime) == Queued::kYes;
  std::string detail(is_queued ? "" : kNoMailWentOut);
  EventDraft event{EventType::kEmailChangeAsked, id, std::nullopt, std::move(address), now, std::move(detail)};
  Result<void> written = co_await store_.append_event(std::move(event));
  if (!written) co_return written;
  if (!is_queued) co_return fail(ErrorCode::kOverloaded, "too many mails are waiting");
  co_return Result<void>();
}

Task<Result<void>> EmailChange::confirm(Secret token, std::string address) {
  const WallTime now = clock_.wall_now();
  Result<EmailChangeLink> link = co_await find_email_change_link(store_, std::move(token), now);
  if (!link) co_return Unexpected(std::move(link).error());
  std::optional<EmailKey> key = parse_email(link->new_email);
  if (!key) co_return refuse_mail_link();
  UserId user = *link->challenge.user;
  NewEmail fresh{std::move(link->new_email), std::move(*key), link->challenge.id, now};
  Actor actor{std::move(address), user};
  Result<RaiseTokenVersionOutcome> outcome =
      co_await revocations_.change_email(std::move(user), std::move(fresh), std::nullopt, std::move(actor));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  if (std::holds_alternative<EmailTaken>(*outcome)) {
    co_return fail(ErrorCode::kEmailTaken, "this e-mail address has an account");
  }
  if (!std::holds_alternative<TokenVersionRaised>(*outcome)) co_return refuse_mail_link();
  co_return Result<void>();
}

}  // namespace rescind
