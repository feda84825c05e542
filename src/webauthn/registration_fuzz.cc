// Any text as a registration, and as a sign-in, with the challenge of 32 zero bytes. Nobody here can sign: a registration may
// pass and must then be what was asked for, a sign-in must not.
#include <algorithm>
#include <cstdlib>

#include "domain/passkey.h"
#include "verify/sha256.h"
#include "webauthn/assertion.h"
#include "webauthn/client_data.h"
#include "webauthn/cose_key.h"
#include "webauthn/options_json.h"
#include "webauthn/registration.h"
#include "webauthn/testing/relying_party.h"

namespace {

using namespace rescind;

void check(const Registration& registration) {
  const Passkey& passkey = registration.passkey;
  const auto key = CoseKey::parse(passkey.public_key);
  if (!key || std::ranges::find(kPasskeyAlgorithms, key->algorithm()) == kPasskeyAlgorithms.end()) std::abort();
  if (passkey.id.size() < kMinPasskeyIdBytes || passkey.id.size() > kMaxPasskeyIdBytes) std::abort();
  if (passkey.backup_state == BackupState::kBackedUp && passkey.backup_eligibility == BackupEligibility::kSingleDevice)
    std::abort();
  if (!registration.user_verified || passkey.transports.size() > kMaxTransports) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const RelyingParty us = testing::relying_party();
  static const RegistrationRequest asked{
      {}, UserVerification::kRequired, {kPasskeyAlgorithms.begin(), kPasskeyAlgorithms.end()}};
  const std::string_view text = as_text({data, size});
  if (const auto response = parse_registration_response(text); response) {
    const auto registration = check_registration(us, asked, *response);
    if (registration) check(*registration);
    if (registration && read_challenge(response->client_data_json) != asked.challenge) std::abort();
  }
  if (const auto response = parse_authentication_response(text); response) {
    Passkey passkey;
    passkey.id = response->id;
    const std::string key = testing::TestAuthenticator().cose_key();  // a fresh one in each run
    passkey.public_key.assign(key.begin(), key.end());
    if (check_assertion(us, {{}, UserVerification::kDiscouraged, {passkey}}, passkey, UserId{"ada"}, *response)) std::abort();
  }
  return 0;
}
