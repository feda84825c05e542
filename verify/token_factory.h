// The only maker of the two token types.
#ifndef RESCIND_VERIFY_TOKEN_FACTORY_H_
#define RESCIND_VERIFY_TOKEN_FACTORY_H_

#include <memory>
#include <utility>

#include "rescind/token.h"

namespace rescind {

class TokenFactory {
 public:
  static AuthenticToken none() { return {}; }
  static AuthenticToken authentic(std::shared_ptr<const Claims> claims) { return AuthenticToken(std::move(claims)); }
  static VerifiedToken verified(AuthenticToken token) { return VerifiedToken(std::move(token.claims_)); }
};

}  // namespace rescind

#endif  // RESCIND_VERIFY_TOKEN_FACTORY_H_
