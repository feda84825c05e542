#include "rescind/algorithm.h"

namespace rescind {

std::string_view to_string(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kEs256: return "ES256";
    case Algorithm::kEdDsa: return "EdDSA";
    case Algorithm::kRs256: return "RS256";
    case Algorithm::kPs256: return "PS256";
    case Algorithm::kHs256: return "HS256";
  }
  return "";
}

std::optional<Algorithm> parse_algorithm(std::string_view name) {
  for (const Algorithm algorithm :
       {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kPs256, Algorithm::kHs256}) {
    if (name == to_string(algorithm)) return algorithm;
  }
  return std::nullopt;
}

}  // namespace rescind
