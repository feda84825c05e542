#include "domain/passkey_challenge.h"

#include <algorithm>

#include "rescind/base64url.h"

namespace rescind {

PasskeyChallenge PasskeyChallenge::create(Random& random) {
  PasskeyChallenge challenge;
  random.fill(challenge.bytes);
  return challenge;
}

ChallengeId PasskeyChallenge::id() const {
  ChallengeId id;
  std::copy_n(bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

std::string PasskeyChallenge::text() const { return base64url_encode(bytes); }

}  // namespace rescind
