#include "service/users.h"

#include <algorithm>
#include <utility>

#include "domain/email.h"
#include "service/passkey_ceremony.h"
#include "token/name_lists.h"

namespace rescind {
namespace {

constexpr std::size_t kEventPage = 1000;

Unexpected<Error> no_such_user() { return fail(ErrorCode::kNotFound, "no such user"); }

}  // namespace

Users::Users(Store& store, Revocations& revocations, const Clock& clock)
    : store_(store), revocations_(revocations), clock_(clock) {}

Task<Result<std::vector<User>>> Users::list(UserId after, std::size_t limit) {
  return store_.list_users(std::move(after), limit);
}

Task<Result<std::optional<User>>> Users::find_by_email(std::string email) {
  std::optional<EmailKey> key = parse_email(email);
  if (!key) co_return fail(ErrorCode::kInvalidRequest, "\"email\" is not an e-mail address");
  co_return co_await store_.find_user_by_email(std::move(*key));
}

Task<Result<User>> Users::load(UserId id) {
  Result<std::optional<User>> found = co_await store_.find_user(std::move(id));
  if (!found) co_return Unexpected(std::move(found).error());
  if (!*found) co_return no_such_user();
  co_return std::move(**found);
}

Task<Result<User>> Users::change(UserId id, ChangeOfUser wanted, Actor actor) {
  if (wanted.roles && !are_roles(*wanted.roles)) co_return fail(ErrorCode::kInvalidRequest, std::string(kRolesRule));
  if (wanted.roles && (wanted.email || wanted.email_state == EmailState::kVerified)) {
    co_return fail(ErrorCode::kInvalidRequest, "roles and the e-mail address are changed by a request each");
  }
  if (wanted.roles || wanted.email) {
    Result<User> user = co_await load(id);
    if (!user) co_return Unexpected(std::move(user).error());
    if (wanted.roles && user->roles != *wanted.roles) {
      co_return co_await change_roles(std::move(id), std::move(wanted), std::move(actor));
    }
    if (wanted.email && user->email != *wanted.email) {
      co_return co_await change_email(std::move(id), std::move(wanted), std::move(actor));
    }
  }
  const WallTime now = clock_.wall_now();
  const bool verify = wanted.email_state == EmailState::kVerified;
  EventDraft event{verify ? EventType::kEmailVerified : EventType::kProfileChanged,
                   id,
                   std::nullopt,
                   std::move(actor.address),
                   now,
                   verify && !wanted.name ? "" : "name",
                   std::move(actor.by)};
  UserChange change{.name = std::move(wanted.name)};
  if (verify) change.email_verified_at = now;
  Result<ChangeUserOutcome> changed = co_await store_.change_user(std::move(id), std::move(change), std::move(event));
  if (!changed) co_return Unexpected(std::move(changed).error());
  if (std::holds_alternative<UserNotFound>(*changed)) co_return no_such_user();
  co_return std::get<User>(std::move(*changed));
}

Task<Result<User>> Users::change_roles(UserId id, ChangeOfUser wanted, Actor actor) {
  UserChange change{.name = std::move(wanted.name), .roles = std::move(wanted.roles)};
  Result<RaiseTokenVersionOutcome> outcome =
      co_await revocations_.change_user(std::move(id), std::move(change), std::move(actor));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  auto* raised = std::get_if<TokenVersionRaised>(&*outcome);
  if (raised == nullptr) co_return no_such_user();
  co_return std::move(raised->user);
}

Task<Result<User>> Users::change_email(UserId id, ChangeOfUser wanted, Actor actor) {
  std::optional<EmailKey> key = parse_email(*wanted.email);
  if (!key) co_return fail(ErrorCode::kInvalidRequest, "\"email\" is not an e-mail address");
  NewEmail fresh{std::move(*wanted.email), std::move(*key)};
  if (wanted.email_state == EmailState::kVerified) fresh.verified_at = clock_.wall_now();
  Result<RaiseTokenVersionOutcome> outcome =
      co_await revocations_.change_email(std::move(id), std::move(fresh), std::move(wanted.name), std::move(actor));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  if (std::holds_alternative<EmailTaken>(*outcome)) {
    co_return fail(ErrorCode::kEmailTaken, "this e-mail address has an account");
  }
  auto* raised = std::get_if<TokenVersionRaised>(&*outcome);
  if (raised == nullptr) co_return no_such_user();
  co_return std::move(raised->user);
}

Task<Result<std::vector<UserPasskey>>> Users::list_passkeys(UserId id) {
  Result<User> user = co_await load(id);
  if (!user) co_return Unexpected(std::move(user).error());
  co_return co_await store_.list_passkeys(std::move(id));
}

Task<Result<void>> Users::remove_passkey(UserId id, PasskeyId passkey, Actor actor) {
  EventDraft event{EventType::kPasskeyRemoved, id, std::nullopt,       std::move(actor.address),
                   clock_.wall_now(),          {}, std::move(actor.by)};
  Result<RemovePasskeyOutcome> removed =
      co_await store_.remove_passkey(std::move(id), std::move(passkey), LastPasskey::kMayGo, std::move(event));
  if (!removed) co_return Unexpected(std::move(removed).error());
  if (*removed != RemovePasskeyOutcome::kRemoved) co_return no_such_passkey();
  co_return Result<void>();
}

Task<Result<User>> Users::sign_out(UserId id, Actor actor) {
  Result<RaiseTokenVersionOutcome> outcome =
      co_await revocations_.revoke_user(std::move(id), std::nullopt, EndReason::kAdmin, std::move(actor));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  auto* raised = std::get_if<TokenVersionRaised>(&*outcome);
  if (raised == nullptr) co_return no_such_user();
  co_return std::move(raised->user);
}

Task<Result<void>> Users::remove(UserId id, Actor actor) {
  Result<DeleteUserOutcome> deleted = co_await revocations_.delete_user(std::move(id), std::move(actor));
  if (!deleted) co_return Unexpected(std::move(deleted).error());
  if (std::holds_alternative<UserNotFound>(*deleted)) co_return no_such_user();
  co_return Result<void>();
}

Task<Result<UserExport>> Users::collect(UserId id) {
  Result<User> user = co_await load(id);
  if (!user) co_return Unexpected(std::move(user).error());
  Result<std::vector<Session>> sessions = co_await store_.list_sessions(id);
  if (!sessions) co_return Unexpected(std::move(sessions).error());
  Result<std::vector<UserPasskey>> passkeys = co_await store_.list_passkeys(id);
  if (!passkeys) co_return Unexpected(std::move(passkeys).error());
  UserExport all{std::move(*user), std::move(*sessions), std::move(*passkeys), {}, std::nullopt};
  EventFilter filter{.user = id, .limit = kEventPage};
  for (;;) {
    Result<std::vector<Event>> page = co_await store_.list_events(filter);
    if (!page) co_return Unexpected(std::move(page).error());
    const bool is_last = page->size() < kEventPage;
    std::ranges::move(*page, std::back_inserter(all.events));
    if (is_last) co_return all;
    filter.after_seq = all.events.back().seq;
    if (all.events.size() >= kMaxExportedEvents) {
      all.events_go_on_after = filter.after_seq;
      co_return all;
    }
  }
}

}  // namespace rescind
