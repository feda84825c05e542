// The JWK thumbprint (RFC 7638): a key's name that follows from the key.
#ifndef RESCIND_TOKEN_JWK_THUMBPRINT_H_
#define RESCIND_TOKEN_JWK_THUMBPRINT_H_

#include <string>

#include "token/evp_key.h"

namespace rescind {

// SHA-256 as base64url, 43 characters. Precondition: `members` are the required ones of RFC 7638 section 3.2, and their
// values need no escaping in JSON (base64url and registered names do not).
std::string jwk_thumbprint(const JwkMembers& members);

}  // namespace rescind

#endif  // RESCIND_TOKEN_JWK_THUMBPRINT_H_
