// What ?role=, ?scope= and ?max_age= of /verify ask of a good token.
#ifndef RESCIND_HTTP_VERIFY_CONDITIONS_H_
#define RESCIND_HTTP_VERIFY_CONDITIONS_H_

#include <chrono>
#include <string_view>

#include "base/error.h"
#include "rescind/token.h"

namespace rescind {

// Every condition must be met, however many there are; an unknown one is refused, as ignoring a misspelt one would let people
// in. kInsufficientRole, kInsufficientScope, kReauthenticationRequired (RFC 9470: the user signed in longer ago than max_age
// seconds, or the token does not say when), kInvalidRequest. Allocates nothing where all are met.
Result<void> check_conditions(const Claims& claims, std::string_view query, std::chrono::sys_seconds now);

}  // namespace rescind

#endif  // RESCIND_HTTP_VERIFY_CONDITIONS_H_
