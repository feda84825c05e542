// The passkey use cases on a ServiceUnderTest, and the answers of a test authenticator.
#ifndef RESCIND_TESTS_TESTING_PASSKEY_PARTS_H_
#define RESCIND_TESTS_TESTING_PASSKEY_PARTS_H_

#include <optional>
#include <string>
#include <utility>

#include "rescind/base64url.h"
#include "service/passkeys.h"
#include "tests/testing/service_parts.h"
#include "webauthn/testing/relying_party.h"

namespace rescind {

inline PasskeyChallenge challenge_of(const boost::json::object& options) {
  PasskeyChallenge challenge;
  const auto bytes = base64url_decode(std::string_view(options.at("challenge").as_string()));
  std::copy(bytes.value().begin(), bytes.value().end(), challenge.bytes.begin());
  return challenge;
}

// One passkey, in the hands of one user.
struct PasskeysUnderTest {
  explicit PasskeysUnderTest(ServicePolicy policy = {}, std::unique_ptr<Store> store = std::make_unique<MemoryStore>(),
                             PasskeyPolicy passkey_policy = {})
      : service(policy, std::move(store)),
        passkeys(testing::relying_party(), passkey_policy, policy.log_in, service.parts->opener, service.failing, service.keys,
                 service.parts->clock, service.parts->random) {}

  WallTime now() { return service.parts->clock.wall_now(); }
  Actor actor(const std::string& user) { return {"192.0.2.7", UserId{user}}; }

  Result<PasskeyChallenge> begin_registration(const std::string& user) {
    auto options = run(passkeys.begin_registration(UserId{user}, now()));
    if (!options) return Unexpected(std::move(options).error());
    return challenge_of(*options);
  }
  Result<UserPasskey> finish_registration(const std::string& user, const PasskeyChallenge& challenge) {
    return finish_registration(user, device.make_registration(challenge));
  }
  Result<UserPasskey> finish_registration(const std::string& user, RegistrationResponse response) {
    return run(passkeys.finish_registration({std::move(response), "phone", actor(user)}));
  }
  // The user is there afterwards, too.
  void add_passkey(const std::string& user) {
    service.adopt(user);
    finish_registration(user, begin_registration(user).value()).value();
  }

  PasskeyChallenge begin_log_in() { return challenge_of(passkeys.begin_log_in()); }
  AuthenticationResponse answer(const std::string& user, const PasskeyChallenge& challenge, std::uint32_t count) {
    auto data = device.assertion_data();
    data.sign_count = count;
    const testing::ClientDataText client_data(PasskeyCeremony::kSignIn, challenge);
    return device.make_assertion(client_data.text(), data.text(), UserId{user});
  }
  Task<Result<TokenPair>> log_in(AuthenticationResponse response, std::string address = "192.0.2.9") {
    PasskeyLogIn request{std::move(response), {"", "", std::move(address)}};
    return passkeys.finish_log_in(std::move(request));
  }
  Result<TokenPair> log_in(const std::string& user, std::uint32_t count) {
    return run(log_in(answer(user, begin_log_in(), count)));
  }

  Result<PasskeyChallenge> begin_sign_up(const std::string& email) {
    auto options = passkeys.begin_sign_up(email, "");
    if (!options) return Unexpected(std::move(options).error());
    return challenge_of(*options);
  }
  Result<SignedUp> finish_sign_up(const std::string& email, const PasskeyChallenge& challenge) {
    PasskeySignUp request{email, "Ada", device.make_registration(challenge), {"", "", "192.0.2.9"}};
    return run(passkeys.finish_sign_up(std::move(request)));
  }

  ServiceUnderTest service;
  Passkeys passkeys;
  testing::TestAuthenticator device;
};

template <class T>
std::string code_of(const Result<T>& answer) {
  return answer ? "ok" : std::string(to_string(answer.error().code));
}

}  // namespace rescind

#endif  // RESCIND_TESTS_TESTING_PASSKEY_PARTS_H_
