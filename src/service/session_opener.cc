#include "service/session_opener.h"

#include <algorithm>
#include <utility>

#include "service/passkey_ceremony.h"

namespace rescind {
namespace {

// At most `limit` bytes, without cutting a UTF-8 sequence in two.
std::string cut(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  text.resize(limit);
  return text;
}

// The log-in was good in itself: no failure of the store's, either.
bool is_refusal(ErrorCode code) {
  return code == ErrorCode::kUserBlocked || code == ErrorCode::kSessionLimit || code == ErrorCode::kEmailNotVerified;
}

}  // namespace

SessionOpener::SessionOpener(const SessionPolicy& session_policy, AccessTokenPolicy token_policy, Store& store,
                             Revocations& revocations, EmailVerification& verification, const CurrentKeys& keys,
                             const Clock& clock, Random& id_random, Metrics& metrics)
    : session_policy_(session_policy),
      token_policy_(std::move(token_policy)),
      store_(store),
      revocations_(revocations),
      verification_(verification),
      keys_(keys),
      clock_(clock),
      id_random_(id_random),
      logins_succeeded_(metrics.counter("rescind_logins_total", "Log-ins by result.", {{"result", "succeeded"}})),
      logins_failed_(metrics.counter("rescind_logins_total", "Log-ins by result.", {{"result", "failed"}})) {}

Session SessionOpener::start(const UserId& user, const Device& device, std::vector<std::string> amr) const {
  const WallTime now = clock_.wall_now();
  return Session{.id = SessionId::create(id_random_),
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

SessionLimit SessionOpener::limit_of(const UserId& user) {
  return {session_policy_.max_per_user, session_policy_.at_limit,        session_policy_.idle_ttl,
          token_policy_.issuer,         revocations_.longest_lifetime(), revocations_.own_left(user)};
}

// Absent where the user or the credential is gone.
Task<Result<std::optional<TokenPair>>> SessionOpener::open(CreateSession change) {
  const WallTime now = change.session.created_at;
  Result<CreateSessionOutcome> created = co_await store_.create_session(std::move(change));
  if (!created) co_return Unexpected(std::move(created).error());
  if (std::holds_alternative<UserNotFound>(*created) || std::holds_alternative<CredentialReplaced>(*created)) {
    co_return std::optional<TokenPair>();
  }
  if (const auto* blocked = std::get_if<UserIsBlocked>(&*created)) {
    co_return fail(ErrorCode::kUserBlocked, blocked->block.reason.empty()
                                                ? "this account is blocked"
                                                : "this account is blocked: " + blocked->block.reason);
  }
  if (std::holds_alternative<SessionLimitReached>(*created)) {
    co_return fail(ErrorCode::kSessionLimit, "this account has as many sessions as it may have");
  }
  auto& opened = std::get<SessionCreated>(*created);
  revocations_.take_up_evictions(opened.subject.user.id, opened.evicted);
  co_return issue_pair(std::move(opened.subject), now);
}

Task<Result<TokenPair>> SessionOpener::adopt(Session session, EventDraft event) {
  SessionLimit limit = limit_of(session.user);
  CreateSession change{std::move(session), MissingUser::kCreate, std::move(limit), std::move(event)};
  Result<std::optional<TokenPair>> pair = co_await open(std::move(change));
  if (!pair) co_return Unexpected(std::move(pair).error());
  co_return std::move(**pair);  // a user who is missing is made, and there is no credential that could be gone
}

// A blocked user is told of the block, and gets no mail.
Task<Result<std::optional<TokenPair>>> SessionOpener::try_log_in(const User& user, CreateSession change) {
  if (!is_blocked(user, change.session.created_at)) {
    Result<void> verified = co_await verification_.check(user);
    if (!verified) co_return Unexpected(std::move(verified).error());
  }
  co_return co_await open(std::move(change));
}

// That the credential was right and the log-in refused is what an administrator wants to see of a blocked account.
Task<Result<std::optional<TokenPair>>> SessionOpener::log_in(const User& user, Credential credential, Session session,
                                                             EventDraft event) {
  EventDraft failure = event;
  SessionLimit limit = limit_of(user.id);
  CreateSession change{std::move(session), MissingUser::kRefuse, std::move(limit), std::move(event), std::move(credential)};
  Result<std::optional<TokenPair>> pair = co_await try_log_in(user, std::move(change));
  if (pair && *pair) logins_succeeded_.increment();
  if (pair || !is_refusal(pair.error().code)) co_return pair;
  failure.type = EventType::kLoginFailed;
  failure.session.reset();
  if (!failure.detail.empty()) failure.detail += ": ";
  failure.detail += to_string(pair.error().code);
  Result<void> noted = co_await note_failure(std::move(failure));
  if (!noted) co_return Unexpected(std::move(noted).error());
  co_return pair;
}

Task<Result<void>> SessionOpener::note_failure(EventDraft event) {
  logins_failed_.increment();
  co_return co_await store_.append_event(std::move(event));
}

Task<Result<SignedUp>> SessionOpener::sign_up(CreateUser change) {
  const WallTime now = change.session.value().created_at;
  if (verification_.rule() == EmailRule::kVerifiedOnly) {
    change.session.reset();
    change.event.session.reset();
  }
  Result<CreateUserOutcome> created = co_await store_.create_user(std::move(change));
  if (!created) co_return Unexpected(std::move(created).error());
  if (std::holds_alternative<EmailTaken>(*created)) {
    co_return fail(ErrorCode::kEmailTaken, "this e-mail address has an account");
  }
  if (std::holds_alternative<PasskeyTaken>(*created)) co_return passkey_taken();
  if (std::holds_alternative<ChallengeUsed>(*created)) co_return invalid_challenge();
  auto& made = std::get<UserCreated>(*created);
  SignedUp signed_up{made.user, std::nullopt};
  if (made.session) signed_up.pair = issue_pair({std::move(*made.session), std::move(made.user)}, now);
  co_return signed_up;
}

// Its access token may outlive a session by a little; a fresh pair would let it do so again and again.
Task<Result<std::optional<SessionId>>> SessionOpener::keep_if_alive(std::optional<SessionId> session, WallTime now) {
  using Kept = std::optional<SessionId>;
  if (!session) co_return Kept();
  Result<std::optional<SessionAndUser>> found = co_await store_.find_session(*session);
  if (!found) co_return Unexpected(std::move(found).error());
  const bool is_alive = *found && decide_session_state((*found)->session, now, session_policy_) == SessionState::kAlive;
  co_return is_alive ? session : Kept();
}

TokenPair SessionOpener::issue_pair(SessionAndUser subject, WallTime now) const {
  return issue_pair(std::move(subject), now, *keys_.get());
}

TokenPair SessionOpener::issue_pair(SessionAndUser subject, WallTime now, const KeyRing& keys) const {
  const Session& session = subject.session;
  std::string access_token =
      issue_access_token(subject.user, session, TokenId::create(id_random_), token_policy_, keys.signing_key(), now);
  const auto left = std::chrono::ceil<std::chrono::seconds>(session.expires_at - now);
  return TokenPair{
      .access_token = std::move(access_token),
      .refresh_token = keys.refresh_tokens().encode({session.id, session.generation}),
      .expires_in = token_policy_.ttl,
      .refresh_max_age = std::max(left, std::chrono::seconds(0)),
      .user = std::move(subject.user),
      .session = std::move(subject.session),
  };
}

}  // namespace rescind
