// `rescind token inspect`: what stands in a token, for people. Verifies nothing and says so.
#ifndef RESCIND_MAIN_TOKEN_INSPECT_H_
#define RESCIND_MAIN_TOKEN_INSPECT_H_

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

namespace rescind {

// Header and claims, one a line, times spelt out relative to `now`; control characters escaped, so that a token cannot
// write to the terminal. The signature is left out. kInvalidToken where `token` is not a compact JWS of three canonical
// base64url segments, the first two of them strict JSON objects, or is longer than kMaxTokenBytes.
Result<std::string> describe_token(std::string_view token, WallTime now);

}  // namespace rescind

#endif  // RESCIND_MAIN_TOKEN_INSPECT_H_
