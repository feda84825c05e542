// The application's own claims, checked, as they go into a token. The rule stands at check_custom_claims() of access_token.h.
#ifndef RESCIND_TOKEN_CUSTOM_CLAIMS_H_
#define RESCIND_TOKEN_CUSTOM_CLAIMS_H_

#include <string>
#include <string_view>

#include "base/error.h"

namespace rescind {

struct CustomClaims {
  std::string members;  // `"a":1,"b":2`, without the braces and without white space; empty for none
  bool has_roles = false;
};

Result<CustomClaims> parse_custom_claims(std::string_view json);

}  // namespace rescind

#endif  // RESCIND_TOKEN_CUSTOM_CLAIMS_H_
