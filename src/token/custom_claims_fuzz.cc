#include <boost/json/parse.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "domain/session.h"
#include "token/access_token.h"

// What is accepted is one object without a reserved name, within the bound, and normalised once for all.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  const auto claims = check_custom_claims({reinterpret_cast<const char*>(data), size});
  if (!claims) return 0;
  if (claims->size() > kMaxCustomClaimsBytes) std::abort();
  const auto again = check_custom_claims(*claims);
  if (!again || *again != *claims) std::abort();
  for (const auto& [name, value] : boost::json::parse(*claims).as_object()) {
    if (is_reserved_claim(name)) std::abort();
  }
  return 0;
}
