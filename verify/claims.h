// The payload of a token whose signature is right, typed.
#ifndef RESCIND_VERIFY_CLAIMS_H_
#define RESCIND_VERIFY_CLAIMS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "rescind/token.h"

namespace rescind {

inline constexpr std::size_t kMaxClaimBytes = 1024;                     // of each string
inline constexpr std::size_t kMaxClaimEntries = 64;                     // of aud, amr and roles
inline constexpr std::int64_t kMaxClaimNumber = std::int64_t{1} << 53;  // beyond it JSON numbers are not exact (RFC 8259)

// Null where `json` is not strict JSON or a claim is not what it must be:
//   iss sub jti            required, non-empty strings (any bytes that are valid UTF-8, NUL included)
//   aud                    required, a non-empty string or a non-empty array of them
//   iat exp                required, integers in 0..2^53; 1.5, 1e3, "123" and null are none
//   nbf auth_time tv       the same, where present
//   sid client_id          non-empty strings, where present
//   amr roles              arrays of strings, where present
//   scope                  string, where present
std::shared_ptr<const Claims> parse_claims(std::string_view json);

}  // namespace rescind

#endif  // RESCIND_VERIFY_CLAIMS_H_
