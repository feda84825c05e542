// Client data (W3C WebAuthn Level 3 section 5.8.1): what the browser says of the page on which the ceremony took place.
#ifndef RESCIND_WEBAUTHN_CLIENT_DATA_H_
#define RESCIND_WEBAUTHN_CLIENT_DATA_H_

#include <optional>
#include <string_view>

#include "domain/passkey_challenge.h"
#include "rescind/result.h"
#include "webauthn/relying_party.h"
#include "webauthn/webauthn_error.h"

namespace rescind {

inline constexpr std::size_t kMaxClientDataBytes = 8 * 1024;

// Which challenge it claims to answer: to find out what was asked, before anything is checked. Absent where it names none that
// could be ours.
std::optional<PasskeyChallenge> read_challenge(std::string_view json);

// Steps of sections 7.1 and 7.2: `json` is of the ceremony's type, answers this challenge, and was made on one of the relying
// party's pages. In a frame of another origin only where the page at the top is known and among the top_origins. Unknown
// members are passed over, as the standard demands.
//
// kMalformedClientData, kWrongType, kChallengeMismatch, kOriginNotAllowed, kCrossOrigin.
Result<void, WebauthnError> check_client_data(std::string_view json, PasskeyCeremony ceremony,
                                              const PasskeyChallenge& challenge, const RelyingParty& relying_party);

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_CLIENT_DATA_H_
