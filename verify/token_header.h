// The protected header of a compact JWS (RFC 7515 section 4): alg, typ and kid, and nothing else.
#ifndef RESCIND_VERIFY_TOKEN_HEADER_H_
#define RESCIND_VERIFY_TOKEN_HEADER_H_

#include <cstdint>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>

#include "rescind/result.h"
#include "rescind/verifier.h"

namespace rescind {

// Views the text that it was read from.
struct TokenHeader {
  std::string_view algorithm;             // as written; only ever compared
  std::optional<std::string_view> type;   // absent where the token has no `typ`
  std::string_view key_id;                // empty where the token has no `kid`
  std::forward_list<std::string> copies;  // of those that were written with escapes
};

enum class KeyIdRule : std::uint8_t { kRequired, kOptional };

// Into a header that holds nothing yet. kMalformed: not strict JSON, alg or a kid that is required missing, an empty kid, or a
// member of the wrong type or size. kUnsupported: any other member. An unknown member might be one that changes what the
// signature means, as crit, b64 or zip do.
Result<void, VerifyError> parse_token_header(std::string_view json, KeyIdRule rule, TokenHeader& to);

// Media types as RFC 7515 section 4.1.9 compares them: without case, with or without "application/".
bool is_same_type(std::string_view one, std::string_view other);

}  // namespace rescind

#endif  // RESCIND_VERIFY_TOKEN_HEADER_H_
