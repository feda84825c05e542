#include <utility>

#include "rescind/base64url.h"
#include "service/sessions.h"

namespace rescind {

Task<Result<SignedUp>> Sessions::sign_up(SignUp request) {
  std::optional<EmailKey> email = parse_email(request.email);
  if (!email) co_return fail(ErrorCode::kInvalidRequest, "\"email\" is not an e-mail address");
  const AttemptRule limit = describe_sign_up(request.device.address, log_in_limits_);
  std::vector<AttemptRule> rules = {limit};
  Result<void> allowed = co_await begin_attempt(store_, std::move(rules), clock_.wall_now());
  if (!allowed) co_return Unexpected(std::move(allowed).error());
  Result<std::string> hash = co_await hasher_.hash(std::move(request.password));
  if (!hash) {
    // Nobody had the time to make an account: that is not one of those that an address may make.
    std::vector<SettledBucket> not_made = {{limit.bucket, Settlement::kNotTried}};
    Result<void> ignored = co_await store_.settle_attempt(std::move(not_made), clock_.wall_now());
    co_return Unexpected(std::move(hash).error());
  }

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
  co_return co_await opener_.sign_up(std::move(change));
}

}  // namespace rescind
