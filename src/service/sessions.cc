#include "service/sessions.h"

#include <algorithm>
#include <utility>

namespace rescind {
namespace {

// At most `limit` bytes, without cutting a UTF-8 sequence in two.
std::string cut(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  text.resize(limit);
  return text;
}

}  // namespace

Sessions::Sessions(SessionPolicy session_policy, LogInLimits log_in_limits, AccessTokenPolicy token_policy, Store& store,
                   Revocations& revocations, PasswordHasher& hasher, const KeyRing& keys, const Clock& clock, Random& random,
                   Metrics& metrics)
    : session_policy_(session_policy),
      log_in_limits_(log_in_limits),
      token_policy_(std::move(token_policy)),
      store_(store),
      revocations_(revocations),
      hasher_(hasher),
      keys_(keys),
      refresh_tokens_(keys.refresh_key()),
      clock_(clock),
      random_(random),
      logins_succeeded_(metrics.counter("rescind_logins_total", "Log-ins by result.", {{"result", "succeeded"}})),
      logins_failed_(metrics.counter("rescind_logins_total", "Log-ins by result.", {{"result", "failed"}})),
      refreshes_(metrics.counter("rescind_refreshes_total", "Refreshes that gave a pair.")),
      refreshes_reused_(metrics.counter("rescind_refreshes_reused_total", "Refresh tokens that two parties held.")) {}

Session Sessions::start_session(const UserId& user, const Device& device, std::vector<std::string> amr) const {
  const WallTime now = clock_.wall_now();
  return Session{.id = SessionId::create(random_),
                 .user = user,
                 .generation = 1,
                 .generation_at = now,
                 .created_at = now,
                 .last_used_at = now,
                 .expires_at = now + session_policy_.absolute_ttl,
                 .device = cut(device.label, kMaxDeviceBytes),
                 .user_agent = cut(device.user_agent, kMaxUserAgentBytes),
                 .address = device.address,
                 .amr = std::move(amr),
                 .client_id = {},
                 .claims_json = {},
                 .ended = std::nullopt};
}

// `now` is the moment that the store was given with this session's last step, not a later one: a revocation that the store
// commits after that step outlives every token that the step can give (see RevocationOfIssued).
TokenPair Sessions::issue_pair(SessionAndUser subject, WallTime now) const {
  Session& session = subject.session;
  return TokenPair{
      .access_token =
          issue_access_token(subject.user, session, TokenId::create(random_), token_policy_, keys_.signing_key(), now),
      .refresh_token = refresh_tokens_.encode({session.id, session.generation}),
      .expires_in = token_policy_.ttl,
      .refresh_max_age = std::max(std::chrono::ceil<std::chrono::seconds>(session.expires_at - now), std::chrono::seconds(0)),
      .user = std::move(subject.user),
      .session = std::move(session)};
}

std::optional<SessionId> Sessions::session_of_refresh_token(std::string_view refresh_token) const {
  const std::optional<RefreshTokenContent> content = refresh_tokens_.decode(refresh_token);
  if (!content) return std::nullopt;
  return content->session;
}

Task<Result<User>> Sessions::find_user(UserId user) {
  Result<std::optional<User>> found = co_await store_.find_user(std::move(user));
  if (!found) co_return Unexpected(std::move(found).error());
  if (!*found) co_return fail(ErrorCode::kNotFound, "no such user");
  co_return std::move(**found);
}

Task<Result<User>> Sessions::rename_user(UserId user, std::string name, Actor actor) {
  EventDraft event{EventType::kProfileChanged, user, std::nullopt, std::move(actor.address), clock_.wall_now(), "name"};
  UserChange change{.name = std::move(name)};
  auto renamed = co_await store_.change_user(std::move(user), std::move(change), std::move(event));
  if (!renamed) co_return Unexpected(std::move(renamed).error());
  if (std::holds_alternative<UserNotFound>(*renamed)) co_return fail(ErrorCode::kNotFound, "no such user");
  co_return std::get<User>(std::move(*renamed));
}

}  // namespace rescind
