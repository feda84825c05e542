#include <algorithm>
#include <utility>

#include "base/secret.h"
#include "service/passkey_ceremony.h"
#include "service/passkeys.h"
#include "verify/sha256.h"
#include "webauthn/client_data.h"
#include "webauthn/options_json.h"
#include "webauthn/registration.h"

namespace rescind {
namespace {

Sha256Digest digest_of(const PasskeyChallenge& challenge) { return sha256({as_text(challenge.bytes)}); }

// Its first half has found it; this is about the second.
bool is_answered_by(const Challenge& stored, const PasskeyChallenge& challenge) {
  return equal_in_constant_time(stored.secret_digest, digest_of(challenge));
}

}  // namespace

Task<Result<boost::json::object>> Passkeys::begin_registration(UserId id, WallTime authenticated_at) {
  const WallTime now = clock_.wall_now();
  if (now - authenticated_at > policy_.registration_max_age) {
    co_return Unexpected(Error{ErrorCode::kReauthenticationRequired, "sign in again before you add a passkey", std::nullopt,
                               policy_.registration_max_age});
  }
  Result<std::optional<User>> user = co_await store_.find_user(id);
  if (!user) co_return Unexpected(std::move(user).error());
  if (!*user) co_return fail(ErrorCode::kNotFound, "no such user");
  Result<std::vector<UserPasskey>> listed = co_await store_.list_passkeys(id);
  if (!listed) co_return Unexpected(std::move(listed).error());
  if (listed->size() >= kMaxPasskeysPerUser) co_return too_many_passkeys();

  const PasskeyChallenge challenge = PasskeyChallenge::create(random_);
  Challenge stored{challenge.id(),       ChallengePurpose::kRegisterPasskey, id, (*user)->token_version,
                   digest_of(challenge), now + kPasskeyCeremonyTime};
  Result<void> created = co_await store_.create_challenge(std::move(stored));
  if (!created) co_return Unexpected(std::move(created).error());
  std::vector<Passkey> existing;
  for (const UserPasskey& one : *listed) existing.push_back(one.passkey);
  const std::string_view name = (*user)->email.empty() ? id.text : (*user)->email;
  co_return creation_options(relying_party_, registration_request(challenge), {id, name, (*user)->name}, existing,
                             kPasskeyCeremonyTime);
}

Task<Result<UserPasskey>> Passkeys::finish_registration(PasskeyRegistration request) {
  const WallTime now = clock_.wall_now();
  const std::optional<PasskeyChallenge> challenge = read_challenge(request.response.client_data_json);
  if (!challenge) co_return invalid_challenge();
  Result<std::optional<Challenge>> consumed =
      co_await store_.consume_challenge(challenge->id(), ChallengePurpose::kRegisterPasskey, now);
  if (!consumed) co_return Unexpected(std::move(consumed).error());
  if (!*consumed || (*consumed)->user != request.actor.user || !is_answered_by(**consumed, *challenge)) {
    co_return invalid_challenge();
  }
  auto checked = check_registration(relying_party_, registration_request(*challenge), request.response);
  if (!checked) co_return passkey_refused(checked.error());

  UserPasskey passkey{std::move(checked->passkey), *request.actor.user, std::move(request.name), now};
  EventDraft event{EventType::kPasskeyAdded, request.actor.user, std::nullopt, request.actor.address, now, {}};
  Result<AddPasskeyOutcome> added = co_await store_.add_passkey(std::move(passkey), std::move(event));
  if (!added) co_return Unexpected(std::move(added).error());
  if (std::holds_alternative<UserNotFound>(*added)) co_return fail(ErrorCode::kNotFound, "no such user");
  if (std::holds_alternative<PasskeyTaken>(*added)) co_return passkey_taken();
  if (std::holds_alternative<PasskeyLimitReached>(*added)) co_return too_many_passkeys();
  co_return std::get<UserPasskey>(std::move(*added));
}

}  // namespace rescind
