// Passkeys: make one, sign in with one, sign up with one and without a password, list, rename, remove.
//
// Each ceremony has two steps: options with a fresh challenge, and the authenticator's answer to it. A challenge is good for
// one answer, for kPasskeyCeremonyTime and for one purpose; where the user is known, for that user and until its token version
// is raised. The checks themselves are those of webauthn/.
#ifndef RESCIND_SERVICE_PASSKEYS_H_
#define RESCIND_SERVICE_PASSKEYS_H_

#include <boost/json/object.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "domain/passkey.h"
#include "domain/passkey_challenge.h"
#include "service/log_in_limits.h"
#include "service/open_challenges.h"
#include "service/revocations.h"
#include "service/session_opener.h"
#include "store/store.h"
#include "token/current_keys.h"
#include "webauthn/authenticator_data.h"
#include "webauthn/registration.h"
#include "webauthn/relying_party.h"
#include "webauthn/response_json.h"

namespace rescind {

inline constexpr std::chrono::minutes kPasskeyCeremonyTime{5};

struct PasskeyPolicy {
  UserVerification user_verification = UserVerification::kRequired;
  // Who wants another passkey, or one less, must have signed in within this time: a stolen token is not to become a key of the
  // thief's, nor to take the owner's away.
  std::chrono::seconds registration_max_age{15 * 60};
};

struct PasskeyRegistration {
  RegistrationResponse response;
  std::string name;  // of the passkey
  Actor actor;       // with its user
};

struct PasskeyLogIn {
  AuthenticationResponse response;
  Device device;
};

struct PasskeySignUp {
  std::string email;
  std::string name;  // of the user
  RegistrationResponse response;
  Device device;
};

// Options are what a page hands to the browser: see webauthn/options_json.h. Besides what stands there, every finish_…() may
// fail with kInvalidChallenge: not one of ours for this, expired, or used.
//
// Thread-safety: any thread may call any member.
class Passkeys {
 public:
  Passkeys(RelyingParty relying_party, PasskeyPolicy policy, const LogInLimits& limits, SessionOpener& opener, Store& store,
           const CurrentKeys& keys, const Clock& clock, Random& random);

  // kReauthenticationRequired where the user signed in too long ago; kPasskeyLimit; kNotFound.
  Task<Result<boost::json::object>> begin_registration(UserId user, WallTime authenticated_at);
  // kInvalidRequest, and the message says which check refused it; kPasskeyTaken, kPasskeyLimit, kNotFound.
  Task<Result<UserPasskey>> finish_registration(PasskeyRegistration request);

  // For whoever asks: the passkey says who it is. Touches no store.
  boost::json::object begin_log_in() const;
  // kInvalidCredentials, whatever was wrong with the answer; kUserBlocked, kEmailNotVerified, kSessionLimit, kTooManyAttempts.
  Task<Result<TokenPair>> finish_log_in(PasskeyLogIn request);

  // kInvalidRequest where `email` is none. Touches no store, and so tells nobody whether the address has an account.
  Result<boost::json::object> begin_sign_up(const std::string& email, const std::string& name) const;
  // kInvalidRequest, kEmailTaken, kPasskeyTaken, kTooManyAttempts.
  Task<Result<SignedUp>> finish_sign_up(PasskeySignUp request);

  Task<Result<std::vector<UserPasskey>>> list(UserId user);                     // oldest first
  Task<Result<void>> rename(UserId user, PasskeyId passkey, std::string name);  // kNotFound
  // As remove(), for the user: kReauthenticationRequired as above.
  Task<Result<void>> remove_own(UserId user, WallTime authenticated_at, PasskeyId passkey, Actor actor);
  // kNotFound; kLastCredential where the user could not sign in any more.
  Task<Result<void>> remove(UserId user, PasskeyId passkey, Actor actor);

 private:
  Result<void> check_recent(WallTime authenticated_at, std::string_view before_what) const;
  Task<Result<TokenPair>> refuse_log_in(EventDraft event);
  // Of the refresh keys: a challenge outlives a rotation, and not the removal of all keys.
  OpenChallenges challenges() const;
  RegistrationRequest registration_request(const PasskeyChallenge& challenge) const;

  const RelyingParty relying_party_;
  const PasskeyPolicy policy_;
  const LogInLimits limits_;
  SessionOpener& opener_;
  Store& store_;
  const CurrentKeys& keys_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_PASSKEYS_H_
