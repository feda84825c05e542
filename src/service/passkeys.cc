#include "service/passkeys.h"

#include <utility>

#include "service/passkey_ceremony.h"
#include "webauthn/options_json.h"

namespace rescind {

Passkeys::Passkeys(RelyingParty relying_party, PasskeyPolicy policy, const LogInLimits& limits, SessionOpener& opener,
                   Store& store, const CurrentKeys& keys, const Clock& clock, Random& random)
    : relying_party_(std::move(relying_party)),
      policy_(policy),
      limits_(limits),
      opener_(opener),
      store_(store),
      keys_(keys),
      clock_(clock),
      random_(random) {}

OpenChallenges Passkeys::challenges() const { return OpenChallenges(keys_.get()->server_keys().refresh_keys); }

RegistrationRequest Passkeys::registration_request(const PasskeyChallenge& challenge) const {
  return {challenge, policy_.user_verification, {kPasskeyAlgorithms.begin(), kPasskeyAlgorithms.end()}};
}

Task<Result<std::vector<UserPasskey>>> Passkeys::list(UserId user) { co_return co_await store_.list_passkeys(std::move(user)); }

Task<Result<void>> Passkeys::rename(UserId user, PasskeyId passkey, std::string name) {
  Result<bool> renamed = co_await store_.rename_passkey(std::move(user), std::move(passkey), std::move(name));
  if (!renamed) co_return Unexpected(std::move(renamed).error());
  if (!*renamed) co_return no_such_passkey();
  co_return Result<void>();
}

Result<void> Passkeys::check_recent(WallTime authenticated_at, std::string_view before_what) const {
  if (clock_.wall_now() - authenticated_at <= policy_.registration_max_age) return {};
  return Unexpected(Error{ErrorCode::kReauthenticationRequired, "sign in again before you " + std::string(before_what),
                          std::nullopt, policy_.registration_max_age});
}

Task<Result<void>> Passkeys::remove_own(UserId user, WallTime authenticated_at, PasskeyId passkey, Actor actor) {
  Result<void> is_recent = check_recent(authenticated_at, "remove a passkey");
  if (!is_recent) co_return is_recent;
  co_return co_await remove(std::move(user), std::move(passkey), std::move(actor));
}

Task<Result<void>> Passkeys::remove(UserId user, PasskeyId passkey, Actor actor) {
  EventDraft event{EventType::kPasskeyRemoved, user, std::nullopt, std::move(actor.address), clock_.wall_now(), {}};
  Result<RemovePasskeyOutcome> removed =
      co_await store_.remove_passkey(std::move(user), std::move(passkey), LastPasskey::kStays, std::move(event));
  if (!removed) co_return Unexpected(std::move(removed).error());
  switch (*removed) {
    case RemovePasskeyOutcome::kRemoved: co_return Result<void>();
    case RemovePasskeyOutcome::kNotFound: co_return no_such_passkey();
    case RemovePasskeyOutcome::kNoOtherWayIn:
      co_return fail(ErrorCode::kLastCredential, "this account has no password; add another passkey before this one goes");
  }
  co_return no_such_passkey();
}

}  // namespace rescind
