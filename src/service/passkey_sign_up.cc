#include <utility>

#include "service/passkey_ceremony.h"
#include "service/passkeys.h"
#include "webauthn/client_data.h"
#include "webauthn/options_json.h"
#include "webauthn/registration.h"

namespace rescind {
namespace {

constexpr std::string_view kFirstPasskeyName = "Passkey";

Unexpected<Error> not_an_email() { return fail(ErrorCode::kInvalidRequest, "\"email\" is not an e-mail address"); }

}  // namespace

Result<boost::json::object> Passkeys::begin_sign_up(const std::string& email, const std::string& name) const {
  const std::optional<EmailKey> key = parse_email(email);
  if (!key) return not_an_email();
  const WallTime expires_at = clock_.wall_now() + kPasskeyCeremonyTime;
  const PasskeyChallenge challenge = challenges().create(ChallengePurpose::kPasskeySignUp, key->text, expires_at, random_);
  const UserId user = new_user(challenge, *key);
  return creation_options(relying_party_, registration_request(challenge), {user, email, name}, {}, kPasskeyCeremonyTime);
}

Task<Result<SignedUp>> Passkeys::finish_sign_up(PasskeySignUp request) {
  std::optional<EmailKey> email = parse_email(request.email);
  if (!email) co_return not_an_email();
  std::vector<AttemptRule> rules{describe_sign_up(request.device.address, limits_)};
  Result<void> allowed = co_await begin_attempt(store_, std::move(rules), clock_.wall_now());
  if (!allowed) co_return Unexpected(std::move(allowed).error());

  const WallTime now = clock_.wall_now();
  const std::optional<PasskeyChallenge> challenge = read_challenge(request.response.client_data_json);
  if (!challenge) co_return invalid_challenge();
  const std::optional<Challenge> answered = challenges().check(*challenge, ChallengePurpose::kPasskeySignUp, email->text, now);
  if (!answered) co_return invalid_challenge();
  auto checked = check_registration(relying_party_, registration_request(*challenge), request.response);
  if (!checked) co_return passkey_refused(checked.error());

  User user{.id = new_user(*challenge, *email),
            .email = std::move(request.email),
            .name = std::move(request.name),
            .password_hash = {},
            .token_version = 1,
            .roles = {},
            .created_at = now};
  Session session = opener_.start(user.id, request.device, methods_of(checked->passkey, *checked));
  const WallTime created_at = session.created_at;
  EventDraft event{EventType::kUserSignedUp, user.id, session.id, request.device.address, created_at, "passkey"};
  FirstPasskey passkey{{std::move(checked->passkey), user.id, std::string(kFirstPasskeyName), now}, *answered};
  CreateUser change{std::move(user), std::move(*email), std::move(session), std::move(event), std::move(passkey)};
  co_return co_await opener_.sign_up(std::move(change));
}

}  // namespace rescind
