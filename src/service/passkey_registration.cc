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
  Result<void> is_recent = check_recent(authenticated_at, "add a passkey");
  if (!is_recent) co_return Unexpected(std::move(is_recent).error());
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
  Result<std::optional<Challenge>> stored = co_await store_.find_challenge(challenge->id());
  if (!stored) co_return Unexpected(std::move(stored).error());
  if (!*stored || !is_answered_by(**stored, *challenge)) co_return invalid_challenge();
  auto checked = check_registration(relying_party_, registration_request(*challenge), request.response);
  if (!checked) {
    Result<std::optional<Challenge>> used =
        co_await store_.consume_challenge(challenge->id(), ChallengePurpose::kRegisterPasskey, now);
    if (!used) co_return Unexpected(std::move(used).error());
    if (!*used) co_return invalid_challenge();
    co_return passkey_refused(checked.error());
  }

  // Whether the challenge is the user's, and still good: a sign-out everywhere or a new password voids it until the last
  // moment.
  UserPasskey passkey{std::move(checked->passkey), *request.actor.user, std::move(request.name), now};
  EventDraft event{EventType::kPasskeyAdded, request.actor.user, std::nullopt, request.actor.address, now, {}};
  AddPasskey change{std::move(passkey), challenge->id(), std::move(event)};
  Result<AddPasskeyOutcome> added = co_await store_.add_passkey(std::move(change));
  if (!added) co_return Unexpected(std::move(added).error());
  if (std::holds_alternative<UserNotFound>(*added)) co_return fail(ErrorCode::kNotFound, "no such user");
  if (std::holds_alternative<ChallengeUsed>(*added)) co_return invalid_challenge();
  if (std::holds_alternative<PasskeyTaken>(*added)) co_return passkey_taken();
  if (std::holds_alternative<PasskeyLimitReached>(*added)) co_return too_many_passkeys();
  co_return std::get<UserPasskey>(std::move(*added));
}

}  // namespace rescind
