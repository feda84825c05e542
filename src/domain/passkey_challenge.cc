#include "domain/passkey_challenge.h"

#include "rescind/base64url.h"

namespace rescind {

PasskeyChallenge PasskeyChallenge::create(Random& random) {
  PasskeyChallenge challenge;
  random.fill(challenge.bytes);
  return challenge;
}

std::string PasskeyChallenge::text() const { return base64url_encode(bytes); }

bool is_answerable(const IssuedChallenge& issued, PasskeyCeremony ceremony, const std::optional<UserId>& user, WallTime now) {
  return issued.ceremony == ceremony && issued.user == user && now < issued.expires_at;
}

}  // namespace rescind
