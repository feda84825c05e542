// The signature algorithms that Rescind knows (RFC 7518 section 3.1, RFC 8037 section 3.1). There is no "none".
#ifndef RESCIND_ALGORITHM_H_
#define RESCIND_ALGORITHM_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace rescind {

enum class Algorithm : std::uint8_t { kEs256, kEdDsa, kRs256, kPs256, kHs256 };

// The registered `alg` name: "ES256", "EdDSA", "RS256", "PS256", "HS256".
std::string_view to_string(Algorithm algorithm);

// Exact, case-sensitive match of a registered name; anything else is absent.
std::optional<Algorithm> parse_algorithm(std::string_view name);

}  // namespace rescind

#endif  // RESCIND_ALGORITHM_H_
