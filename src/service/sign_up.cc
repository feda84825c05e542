#include <utility>

#include "rescind/base64url.h"
#include "service/sessions.h"

namespace rescind {

Task<Result<TokenPair>> Sessions::sign_up(SignUp request) {
  std::optional<EmailKey> email = parse_email(request.email);
  if (!email) co_return fail(ErrorCode::kInvalidRequest, "\"email\" is not an e-mail address");
  std::vector<AttemptRule> rules = {describe_sign_up(request.device.address, log_in_limits_)};
  Result<void> allowed = co_await begin_attempt(store_, std::move(rules), clock_.wall_now());
  if (!allowed) co_return Unexpected(std::move(allowed).error());
  Result<std::string> hash = co_await hasher_.hash(std::move(request.password));
  if (!hash) co_return Unexpected(std::move(hash).error());

  std::array<std::uint8_t, 16> id{};
  random_.fill(id);
  User user{.id = UserId{base64url_encode(id)},
            .email = std::move(request.email),
            .name = std::move(request.name),
            .password_hash = std::move(*hash),
            .token_version = 1,
            .roles = {},
            .created_at = clock_.wall_now()};
  Session session = opener_.start(user.id, request.device, {"pwd"});
  const WallTime now = session.created_at;
  EventDraft event{EventType::kUserSignedUp, user.id, session.id, request.device.address, now, {}};
  CreateUser change{std::move(user), std::move(*email), std::move(session), std::move(event)};
  Result<CreateUserOutcome> created = co_await store_.create_user(std::move(change));
  if (!created) co_return Unexpected(std::move(created).error());
  if (std::holds_alternative<EmailTaken>(*created))
    co_return fail(ErrorCode::kEmailTaken, "this e-mail address has an account");
  co_return opener_.issue_pair(std::get<SessionAndUser>(std::move(*created)), now);
}

}  // namespace rescind
