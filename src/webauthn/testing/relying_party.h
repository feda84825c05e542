// For tests only: the relying party of the test authenticator.
#ifndef RESCIND_WEBAUTHN_TESTING_RELYING_PARTY_H_
#define RESCIND_WEBAUTHN_TESTING_RELYING_PARTY_H_

#include <string>
#include <vector>

#include "webauthn/relying_party.h"
#include "webauthn/testing/authenticator.h"

namespace rescind::testing {

inline RelyingParty relying_party(std::vector<std::string> top_origins = {}) {
  return RelyingParty::create({.id = std::string(kRpId),
                               .name = "Example",
                               .origins = {std::string(kOrigin), "https://login.example.org:8443"},
                               .top_origins = std::move(top_origins)})
      .value();
}

}  // namespace rescind::testing

#endif  // RESCIND_WEBAUTHN_TESTING_RELYING_PARTY_H_
