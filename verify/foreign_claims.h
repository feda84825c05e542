// The payload of a foreign token whose signature is right, mapped to ours.
#ifndef RESCIND_VERIFY_FOREIGN_CLAIMS_H_
#define RESCIND_VERIFY_FOREIGN_CLAIMS_H_

#include <memory>
#include <string_view>

#include "rescind/foreign_token.h"
#include "rescind/token.h"

namespace rescind {

// Null where `json` is not strict JSON, a claim that is needed is missing, or one that is read is not what it must be:
//   iss                     a non-empty string
//   aud                     a non-empty string or an array of them, where present
//   iat exp                 integers in 0..2^53; nbf too, where present
//   jti client_id azp       strings, where present; an empty one counts as absent
//   the mapped ones         as ForeignPolicy says
// Strings and arrays have the bounds of verify/claims.h. A step of a path that meets something other than an object finds
// nothing.
std::shared_ptr<const Claims> parse_foreign_claims(std::string_view json, const ForeignPolicy& policy);

}  // namespace rescind

#endif  // RESCIND_VERIFY_FOREIGN_CLAIMS_H_
