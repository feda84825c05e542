#include "service/users.h"

#include <algorithm>
#include <set>
#include <utility>

#include "domain/email.h"
#include "token/access_token.h"

namespace rescind {
namespace {

constexpr std::size_t kEventPage = 1000;
constexpr std::size_t kBytesBesideARole = 3;  // quotes and comma, in the token

Unexpected<Error> no_such_user() { return fail(ErrorCode::kNotFound, "no such user"); }

// What a token has room for, and what a reader of "a,b" cannot take for something else.
bool are_fit_for_tokens(const std::vector<std::string>& roles) {
  std::size_t bytes = 0;
  for (const std::string& role : roles) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (role.empty() || std::ranges::any_of(role, is_control)) return false;
    bytes += role.size() + kBytesBesideARole;
  }
  const std::set<std::string> different(roles.begin(), roles.end());
  return roles.size() <= kMaxRoles && bytes <= kMaxRolesBytes && different.size() == roles.size();
}

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
  if (wanted.roles) {
    if (!are_fit_for_tokens(*wanted.roles)) {
      co_return fail(ErrorCode::kInvalidRequest,
                     "\"roles\" must be at most 64 different names of 512 bytes in all, without control characters");
    }
    Result<User> user = co_await load(id);
    if (!user) co_return Unexpected(std::move(user).error());
    if (user->roles != *wanted.roles) co_return co_await change_roles(std::move(id), std::move(wanted), std::move(actor));
  }
  EventDraft event{EventType::kProfileChanged, id,     std::nullopt,       std::move(actor.address),
                   clock_.wall_now(),          "name", std::move(actor.by)};
  UserChange change{.name = std::move(wanted.name)};
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
