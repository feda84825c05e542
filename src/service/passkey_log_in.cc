#include <string>
#include <utility>

#include "service/passkey_ceremony.h"
#include "service/passkeys.h"
#include "webauthn/assertion.h"
#include "webauthn/client_data.h"
#include "webauthn/options_json.h"

namespace rescind {
namespace {

// One that lost a race for the counter looks again; each time another one has won, and raised the counter.
constexpr int kMaxRounds = 8;

}  // namespace

boost::json::object Passkeys::begin_log_in() const {
  const WallTime expires_at = clock_.wall_now() + kPasskeyCeremonyTime;
  const PasskeyChallenge challenge = challenges().create(ChallengePurpose::kPasskeyLogIn, {}, expires_at, random_);
  return request_options(relying_party_, {challenge, policy_.user_verification, {}}, kPasskeyCeremonyTime);
}

Task<Result<TokenPair>> Passkeys::finish_log_in(PasskeyLogIn request) {
  LogInAttempt attempt = describe_attempt(std::nullopt, request.device.address, limits_);
  Result<void> allowed = co_await begin_attempt(store_, std::move(attempt.rules), clock_.wall_now());
  if (!allowed) co_return Unexpected(std::move(allowed).error());

  const WallTime now = clock_.wall_now();
  const AuthenticationResponse& response = request.response;
  const std::optional<PasskeyChallenge> challenge = read_challenge(response.client_data_json);
  if (!challenge) co_return invalid_challenge();
  const std::optional<Challenge> answered = challenges().check(*challenge, ChallengePurpose::kPasskeyLogIn, {}, now);
  if (!answered) co_return invalid_challenge();

  for (int round = 0; round < kMaxRounds; ++round) {
    EventDraft failure{EventType::kLoginFailed, std::nullopt, std::nullopt, request.device.address, now, "unknown passkey"};
    Result<std::optional<PasskeyAndUser>> found = co_await store_.find_passkey(response.id);
    if (!found) co_return Unexpected(std::move(found).error());
    if (!*found) co_return co_await refuse_log_in(std::move(failure));
    const Passkey& passkey = (*found)->passkey.passkey;
    const UserId user = (*found)->user.id;
    const AssertionRequest asked{*challenge, policy_.user_verification, {}};
    const auto checked = check_assertion(relying_party_, asked, passkey, user, response);
    if (!checked) {
      failure.type = checked.error() == WebauthnError::kCounterRegressed ? EventType::kPasskeyCloned : EventType::kLoginFailed;
      failure.user = user;
      failure.detail = "passkey: " + std::string(to_string(checked.error()));
      co_return co_await refuse_log_in(std::move(failure));
    }
    UsePasskey use{passkey.id, passkey.sign_count, checked->sign_count, checked->backup_state, now, *answered};
    Result<UsePasskeyOutcome> used = co_await store_.use_passkey(std::move(use));
    if (!used) co_return Unexpected(std::move(used).error());
    if (std::holds_alternative<ChallengeUsed>(*used)) co_return invalid_challenge();
    if (std::holds_alternative<PasskeyNotUsed>(*used)) continue;

    Result<void> settled = co_await store_.settle_attempt(std::move(attempt.if_it_succeeds), clock_.wall_now());
    if (!settled) co_return Unexpected(std::move(settled).error());
    Session session = opener_.start(user, request.device, methods_of(passkey, *checked));
    EventDraft event{EventType::kLoginSucceeded, user, session.id, request.device.address, session.created_at, "passkey"};
    Credential credential = CheckedPasskey{passkey.id};
    Result<std::optional<TokenPair>> pair =
        co_await opener_.log_in((*found)->user, std::move(credential), std::move(session), std::move(event));
    if (!pair) co_return Unexpected(std::move(pair).error());
    if (!*pair) co_return co_await refuse_log_in(std::move(failure));  // removed while it signed in
    co_return std::move(**pair);
  }
  co_return fail(ErrorCode::kInternal, "a log-in with a passkey found no rest");
}

// Whatever was wrong, the answer is the same: what a passkey is registered for is no business of whoever cannot use it.
Task<Result<TokenPair>> Passkeys::refuse_log_in(EventDraft event) {
  Result<void> noted = co_await opener_.note_failure(std::move(event));
  if (!noted) co_return Unexpected(std::move(noted).error());
  co_return fail(ErrorCode::kInvalidCredentials, "this passkey signs nobody in here");
}

}  // namespace rescind
